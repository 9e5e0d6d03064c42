// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "service/credential/hash_cost.h"

namespace provisioning {

// `$argon2id$v=19$m=...,t=...,p=1$salt$hash`, with a random salt of 16 bytes and
// a hash of 32. Nothing if the memory cannot be had.
std::optional<std::string> Argon2idPhc(const HashCost& cost, std::string_view password);

// Whether Argon2idPhc makes such texts of `cost`.
bool IsArgon2idPhcOf(const HashCost& cost, std::string_view text);

// In constant time. False, and at once, for a text of another form or above the
// bounds in limits.h, so that a hostile one cannot take the memory or the time of
// the service.
bool VerifyArgon2id(std::string_view text, std::string_view password);

}  // namespace provisioning
