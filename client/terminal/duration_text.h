// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace provisioning {

// "7d", "36h", "90m", "45s", or several from large to small: "1d12h". Whole
// numbers only. Nothing: it is none.
std::optional<absl::Duration> ParseDuration(std::string_view text);

// For people, two units at most: "3 d 4 h", "1 min 5 s", "0.4 s".
std::string DurationText(absl::Duration duration);

// The same, one unit only: "3 d", "2 min".
std::string RoughDurationText(absl::Duration duration);

// In ParseDuration's form, exact to the second.
std::string DurationFlag(absl::Duration duration);

// With a comma between thousands: "1,234,567".
std::string CountText(std::int64_t count);

}  // namespace provisioning
