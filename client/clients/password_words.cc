// SPDX-License-Identifier: Apache-2.0
#include "client/clients/password_words.h"

namespace provisioning {

std::string ExpiredWords(const std::string& email) {
  return "this was the temporary password of " + email +
         ", and has expired. `provision clients reissue` makes another one.";
}

std::string LockedWords(const std::string& email) {
  return email +
         " is locked after too many wrong passwords, or there is no such client: nothing was "
         "checked. `provision clients reissue` makes a temporary password and unlocks it (with "
         "--reset-active, if the client has a password of their own).";
}

std::string UnknownOutcomeWords(int outcome) {
  return "the server gave an answer that this version does not know (" + std::to_string(outcome) +
         ").";
}

}  // namespace provisioning
