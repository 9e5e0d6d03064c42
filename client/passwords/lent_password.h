// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "service/model/secret_string.h"

namespace provisioning {

// Puts a password into a field of a message, for one call, and wipes it there
// when the call is over:
//
//   const LentPassword lent(password, *request.mutable_password());
class LentPassword {
 public:
  // `field` outlives this.
  LentPassword(const SecretString& password, std::string& field);
  ~LentPassword() { WipeString(field_); }
  LentPassword(const LentPassword&) = delete;
  LentPassword& operator=(const LentPassword&) = delete;

 private:
  std::string& field_;
};

}  // namespace provisioning
