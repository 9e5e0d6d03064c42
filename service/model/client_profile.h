// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace provisioning {

// What an organization knows of a client, beside the address.
struct ClientProfile {
  std::string first_name;
  std::string last_name;
  std::int32_t birthdate = 0;  // YYYYMMDD as a number; 0: not known.
  char gender = 0;             // 'M' or 'F'; 0: not known.

  bool operator==(const ClientProfile&) const = default;
};

}  // namespace provisioning
