// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace provisioning {

// A real day of the Gregorian calendar, or nothing.
std::optional<absl::CivilDay> DayOf(int year, int month, int day);

// The day in UTC.
absl::CivilDay DayOf(absl::Time time);

// YYYYMMDD
std::int32_t DateNumber(absl::CivilDay day);
std::string DateText(absl::CivilDay day);

}  // namespace provisioning
