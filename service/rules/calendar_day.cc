// SPDX-License-Identifier: Apache-2.0
#include "service/rules/calendar_day.h"

#include <utility>

namespace provisioning {

std::optional<absl::CivilDay> DayOf(int year, int month, int day) {
  if (year < 1 || year > 9999) return std::nullopt;
  const absl::CivilDay date(year, month, day);
  // CivilDay carries what is too much over to the next month.
  if (date.month() != month || date.day() != day) return std::nullopt;
  return date;
}

absl::CivilDay DayOf(absl::Time time) {
  // Asked for every row, it is nearly always the same.
  thread_local std::pair<std::int64_t, absl::CivilDay> last(0, absl::CivilDay(1970, 1, 1));
  const std::int64_t day = absl::Floor(time - absl::UnixEpoch(), absl::Hours(24)) / absl::Hours(24);
  if (day != last.first) last = {day, absl::CivilDay(1970, 1, 1) + day};
  return last.second;
}

std::int32_t DateNumber(absl::CivilDay day) {
  return static_cast<std::int32_t>((day.year() * 100 + day.month()) * 100 + day.day());
}

std::string DateText(absl::CivilDay day) {
  const std::string digits = std::to_string(DateNumber(day));
  return std::string(8 - digits.size(), '0') + digits;
}

}  // namespace provisioning
