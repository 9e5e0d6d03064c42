// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

namespace provisioning {

enum class CredentialKind {
  kGiven,      // A temporary password that a person chose.
  kGenerated,  // A temporary password that the service made.
  kLasting,    // The password that the person signs in with.
};

// A credential as it is stored: the text of a salted hash (`$argon2id$...`,
// `$salted-sha256$...`, `$2b$...`). Only CredentialFactory makes one, so no
// account can be stored with anything else.
class Credential {
 public:
  const std::string& phc() const { return phc_; }
  CredentialKind kind() const { return kind_; }
  // The service made the password, so it has at least 112 random bits.
  bool generated() const { return kind_ == CredentialKind::kGenerated; }
  // It expires, and is good for activation only.
  bool temporary() const { return kind_ != CredentialKind::kLasting; }

 private:
  friend class CredentialFactory;
  Credential(std::string phc, CredentialKind kind) : phc_(std::move(phc)), kind_(kind) {}

  std::string phc_;
  CredentialKind kind_;
};

}  // namespace provisioning
