// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "service/model/secret_string.h"

namespace provisioning {

// A row as the caller sent it. Nothing about it is known yet: cells may be any
// bytes at all.
struct ClientRow {
  std::int64_t row_number = 0;
  std::string email_address;
  SecretString initial_password;
  std::string first_name;
  std::string last_name;
  std::string birthdate;
  std::string gender;
  SecretString password_hash = {};  // Until it is checked it may be a password.

  // A row cannot be copied by accident, since it holds secrets.
  ClientRow Clone() const {
    return {.row_number = row_number,
            .email_address = email_address,
            .initial_password = initial_password.Clone(),
            .first_name = first_name,
            .last_name = last_name,
            .birthdate = birthdate,
            .gender = gender,
            .password_hash = password_hash.Clone()};
  }
};

}  // namespace provisioning
