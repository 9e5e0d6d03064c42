// SPDX-License-Identifier: Apache-2.0
#include "service/rules/damaged_date.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>

#include "service/rules/calendar_day.h"

namespace provisioning {
namespace {

bool IsAsciiDigit(char c) { return c >= '0' && c <= '9'; }

bool IsAllDigits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, IsAsciiDigit);
}

// Takes the digits at the beginning off `text`.
std::string_view TakeDigits(std::string_view& text) {
  const std::size_t count = std::ranges::find_if_not(text, IsAsciiDigit) - text.begin();
  const std::string_view digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

int NumberOf(std::string_view digits) {
  int number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

// Nothing, or a time of day that is midnight: another one may be of another day
// in another zone.
bool IsMidnight(std::string_view text) {
  if (text.empty()) return true;
  if (text.front() != 'T' && text.front() != ' ') return false;
  return text.substr(1).find_first_not_of("0:.Z") == std::string_view::npos;
}

struct DateParts {
  std::array<std::string_view, 3> digits;
  std::string_view rest;
};

std::optional<DateParts> Split(std::string_view text) {
  DateParts parts;
  char separator = 0;
  for (std::size_t i = 0; i < parts.digits.size(); ++i) {
    if (i > 0) {
      if (text.empty() || (i == 2 && text.front() != separator)) return std::nullopt;
      separator = text.front();
      if (std::string_view("-/. ").find(separator) == std::string_view::npos) return std::nullopt;
      text.remove_prefix(1);
      if (separator == '.' && text.starts_with(' ')) text.remove_prefix(1);
    }
    parts.digits[i] = TakeDigits(text);
    if (parts.digits[i].empty() || parts.digits[i].size() > 4) return std::nullopt;
  }
  parts.rest = text;
  return parts;
}

// A day and a month in an order that is not known.
std::optional<absl::CivilDay> OnlyDayOf(int year, int first, int second) {
  const auto day_first = DayOf(year, second, first);
  const auto month_first = DayOf(year, first, second);
  if (day_first && month_first && day_first != month_first) return std::nullopt;
  return day_first ? day_first : month_first;
}

std::optional<absl::CivilDay> DayOfDigits(std::string_view digits) {
  return DayOf(NumberOf(digits.substr(0, 4)), NumberOf(digits.substr(4, 2)),
               NumberOf(digits.substr(6, 2)));
}

std::string_view WithoutWrapping(std::string_view text) {
  if (text.starts_with('\'')) text.remove_prefix(1);
  if (text.size() > 2 && text.starts_with('"') && text.ends_with('"')) {
    text = text.substr(1, text.size() - 2);
  }
  if (text.size() == 10 && (text.ends_with(".0") || text.ends_with(",0"))) text.remove_suffix(2);
  return text;
}

}  // namespace

std::optional<absl::CivilDay> OnlyReading(std::string_view text) {
  text = WithoutWrapping(text);
  if (text.size() == 8 && IsAllDigits(text)) return DayOfDigits(text);
  const std::optional<DateParts> parts = Split(text);
  if (!parts || !IsMidnight(parts->rest)) return std::nullopt;
  const auto& [first, second, third] = parts->digits;
  if (first.size() == 4 && second.size() <= 2 && third.size() <= 2) {
    return DayOf(NumberOf(first), NumberOf(second), NumberOf(third));
  }
  if (third.size() == 4 && first.size() <= 2 && second.size() <= 2) {
    return OnlyDayOf(NumberOf(third), NumberOf(first), NumberOf(second));
  }
  return std::nullopt;
}

std::optional<absl::CivilDay> OnlyReadingYearLast(std::string_view digits) {
  return OnlyDayOf(NumberOf(digits.substr(4)), NumberOf(digits.substr(0, 2)),
                   NumberOf(digits.substr(2, 2)));
}

std::optional<absl::CivilDay> DayOfSerialNumber(std::string_view text) {
  const std::string_view whole = TakeDigits(text);
  const bool has_fraction = text.size() > 1 && (text.front() == '.' || text.front() == ',') &&
                            IsAllDigits(text.substr(1));
  if (whole.size() != 5 || whole.front() == '0' || (!text.empty() && !has_fraction)) {
    return std::nullopt;
  }
  return absl::CivilDay(1899, 12, 30) + NumberOf(whole);
}

bool IsScientific(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  if (TakeDigits(text).empty()) return false;
  if (text.starts_with('.') || text.starts_with(',')) {
    text.remove_prefix(1);
    TakeDigits(text);
  }
  if (!text.starts_with('E') && !text.starts_with('e')) return false;
  text.remove_prefix(1);
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return IsAllDigits(text);
}

bool HasShortYear(std::string_view text) {
  const std::optional<DateParts> parts = Split(WithoutWrapping(text));
  return parts && IsMidnight(parts->rest) &&
         std::ranges::all_of(parts->digits, [](std::string_view part) { return part.size() <= 2; });
}

}  // namespace provisioning
