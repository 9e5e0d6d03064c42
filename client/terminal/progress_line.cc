// SPDX-License-Identifier: Apache-2.0
#include "client/terminal/progress_line.h"

#include <algorithm>

#include "client/terminal/duration_text.h"
#include "client/terminal/text_columns.h"

namespace provisioning {
namespace {

constexpr std::size_t bar_min = 6;
constexpr std::size_t bar_max = 40;
constexpr std::size_t brackets = 3;  // With the space in front.

// What a line shows beside the label and the percentage.
struct Parts {
  bool bar;
  bool rate;
  bool rows;
  bool refused;
};
// From all of it to next to nothing.
constexpr Parts selections[] = {
    {true, true, true, true},    {true, true, false, true},    {true, false, true, true},
    {true, false, false, true},  {true, false, false, false},  {false, false, true, true},
    {false, false, false, true}, {false, false, false, false},
};

std::string Words(const ProgressFacts& facts, const Parts& parts) {
  const int percent = static_cast<int>(std::clamp(facts.done, 0.0, 1.0) * 100);
  std::string text = " " + std::to_string(percent) + " %";
  if (parts.rows) {
    text += "  " + CountText(facts.rows) + " " + facts.noun + (facts.rows == 1 ? "" : "s");
  }
  if (parts.rate) text += "  " + CountText(static_cast<std::int64_t>(facts.rows_per_second)) + "/s";
  if (parts.refused && facts.refused > 0) text += "  " + CountText(facts.refused) + " refused";
  if (facts.left) text += "  " + RoughDurationText(*facts.left) + " left";
  return text;
}

std::string Bar(double done, std::size_t length) {
  const auto full = static_cast<std::size_t>(std::clamp(done, 0.0, 1.0) * double(length));
  return " [" + std::string(full, '#') + std::string(length - full, '-') + "]";
}

}  // namespace

std::string ProgressLine(const ProgressFacts& facts) {
  return facts.label + Words(facts, selections[0]);
}

std::string ProgressBarLine(const ProgressFacts& facts, std::size_t columns) {
  for (const Parts& parts : selections) {
    const std::string words = Words(facts, parts);
    const std::size_t used = facts.label.size() + words.size();
    if (!parts.bar && used <= columns) return facts.label + words;
    if (!parts.bar || used + brackets + bar_min > columns) continue;
    return facts.label + Bar(facts.done, std::min(bar_max, columns - used - brackets)) + words;
  }
  return Shortened(facts.label + Words(facts, selections[std::size(selections) - 1]), columns);
}

}  // namespace provisioning
