// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

namespace provisioning {

// A credential as it is stored: a salted hash as a PHC string
// (`$argon2id$...` or `$salted-sha256$...`). Only CredentialFactory makes one,
// so no account can be stored with anything else.
class Credential {
 public:
  const std::string& phc() const { return phc_; }
  // The service made the password, so it has at least 112 random bits.
  bool generated() const { return generated_; }

 private:
  friend class CredentialFactory;
  Credential(std::string phc, bool generated) : phc_(std::move(phc)), generated_(generated) {}

  std::string phc_;
  bool generated_;
};

}  // namespace provisioning
