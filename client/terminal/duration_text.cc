// SPDX-License-Identifier: Apache-2.0
#include "client/terminal/duration_text.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace provisioning {
namespace {

struct Unit {
  char flag;
  const char* name;
  std::int64_t seconds;
};
constexpr Unit units[] = {{'d', "d", 86400}, {'h', "h", 3600}, {'m', "min", 60}, {'s', "s", 1}};
constexpr std::int64_t count_max = 1'000'000;

}  // namespace

std::optional<absl::Duration> ParseDuration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::int64_t seconds = 0;
  const Unit* unit = std::begin(units);
  while (!text.empty()) {
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc() || count < 0 || count > count_max) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (text.empty()) return std::nullopt;
    while (unit != std::end(units) && unit->flag != text.front()) ++unit;
    if (unit == std::end(units)) return std::nullopt;
    seconds += count * unit->seconds;
    ++unit;
    text.remove_prefix(1);
  }
  return absl::Seconds(seconds);
}

std::string DurationText(absl::Duration duration) {
  if (duration < absl::Seconds(10)) {
    char text[32];
    // Nothing takes no time at all.
    std::snprintf(text, sizeof(text), "%.1f s", std::max(0.1, absl::ToDoubleSeconds(duration)));
    return text;
  }
  std::int64_t rest = absl::ToInt64Seconds(duration);
  std::string text;
  for (const Unit& unit : units) {
    const bool second = !text.empty();
    const std::int64_t count = rest / unit.seconds;
    rest %= unit.seconds;
    if (count > 0) text += (second ? " " : "") + std::to_string(count) + " " + unit.name;
    if (second) break;
  }
  return text;
}

std::string RoughDurationText(absl::Duration duration) {
  std::int64_t seconds =
      std::max<std::int64_t>(1, absl::ToInt64Seconds(absl::Ceil(duration, absl::Seconds(1))));
  for (const Unit& unit : units) {
    // From two on, so that the rest that is left out is no large part.
    if (seconds >= 2 * unit.seconds || unit.seconds == 1) {
      return std::to_string((seconds + unit.seconds / 2) / unit.seconds) + " " + unit.name;
    }
  }
  return "";
}

std::string DurationFlag(absl::Duration duration) {
  std::int64_t rest = absl::ToInt64Seconds(duration);
  std::string text;
  for (const Unit& unit : units) {
    if (rest >= unit.seconds) text += std::to_string(rest / unit.seconds) + unit.flag;
    rest %= unit.seconds;
  }
  return text.empty() ? "0s" : text;
}

std::string CountText(std::int64_t count) {
  std::string text = std::to_string(count);
  for (std::ptrdiff_t i = std::ssize(text) - 3; i > (count < 0 ? 1 : 0); i -= 3) {
    text.insert(static_cast<std::size_t>(i), 1, ',');
  }
  return text;
}

}  // namespace provisioning
