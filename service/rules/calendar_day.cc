// SPDX-License-Identifier: Apache-2.0
#include "service/rules/calendar_day.h"

namespace provisioning {

std::optional<absl::CivilDay> DayOf(int year, int month, int day) {
  if (year < 1 || year > 9999) return std::nullopt;
  const absl::CivilDay date(year, month, day);
  // CivilDay carries what is too much over to the next month.
  if (date.month() != month || date.day() != day) return std::nullopt;
  return date;
}

std::int32_t DateNumber(absl::CivilDay day) {
  return static_cast<std::int32_t>((day.year() * 100 + day.month()) * 100 + day.day());
}

std::string DateText(absl::CivilDay day) {
  const std::string digits = std::to_string(DateNumber(day));
  return std::string(8 - digits.size(), '0') + digits;
}

}  // namespace provisioning
