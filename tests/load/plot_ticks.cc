// SPDX-License-Identifier: Apache-2.0
#include "tests/load/plot_ticks.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "client/terminal/duration_text.h"

namespace provisioning {
namespace {

constexpr double ticks_wanted = 5;

// The round number at or above `rough`: 1, 2 or 5 times a power of ten.
double RoundStep(double rough) {
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough * 0.999) return factor * power;
  }
  return 10 * power;
}

std::string ShortNumber(double number) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.10g", number);
  return text;
}

PlotAxis LinearAxis(const std::string& title, double largest, double unit,
                    const std::string& unit_name) {
  const double step = RoundStep(std::max(largest / unit, 1e-9) / ticks_wanted);
  const double count = std::max(1.0, std::ceil(largest / unit / step - 1e-9));
  PlotAxis axis{.title = title, .min = 0, .max = count * step * unit};
  for (int i = 0; i <= static_cast<int>(count); ++i) {
    const double value = i * step;
    axis.ticks.push_back({value * unit, ShortNumber(value) + unit_name});
  }
  return axis;
}

std::string LatencyLabel(double seconds) {
  if (seconds < 0.99e-3) return ShortNumber(seconds * 1e6) + " us";
  if (seconds < 0.99) return ShortNumber(seconds * 1e3) + " ms";
  return ShortNumber(seconds) + " s";
}

}  // namespace

PlotAxis CountAxis(const std::string& title, double largest) {
  PlotAxis axis = LinearAxis(title, std::max(1.0, largest), 1, "");
  for (PlotTick& tick : axis.ticks) {
    if (tick.value >= 1000) tick.label = CountText(std::llround(tick.value));
  }
  return axis;
}

PlotAxis MemoryAxis(const std::string& title, double largest_bytes) {
  const bool giga = largest_bytes >= 2.0 * 1073741824;
  return LinearAxis(title, largest_bytes, giga ? 1073741824 : 1048576, giga ? " GiB" : " MiB");
}

PlotAxis LatencyAxis(const std::string& title, double smallest, double largest) {
  if (smallest <= 0 || largest / smallest < 10) {
    PlotAxis axis = LinearAxis(title, std::max(largest, 1e-6), 1, "");
    for (PlotTick& tick : axis.ticks) tick.label = tick.value == 0 ? "0" : LatencyLabel(tick.value);
    return axis;
  }
  PlotAxis axis{.title = title, .logarithmic = true};
  const double first = std::floor(std::log10(smallest) + 1e-9);
  const double last = std::ceil(std::log10(largest) - 1e-9);
  axis.min = std::pow(10, first);
  axis.max = std::pow(10, last);
  const bool between = last - first <= 3;
  for (double power = first; power <= last; ++power) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      if (factor > 1 && (!between || power == last)) continue;
      const double value = factor * std::pow(10, power);
      axis.ticks.push_back({value, LatencyLabel(value)});
    }
  }
  return axis;
}

PlotAxis TimeAxis(const std::string& title, double seconds) {
  PlotAxis axis{.title = title, .min = 0, .max = std::max(1.0, seconds)};
  double step = 86'400;
  for (const double round :
       {1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14'400, 21'600, 43'200}) {
    if (axis.max / round > 10) continue;
    step = round;
    break;
  }
  for (double value = 0; value <= axis.max; value += step) {
    axis.ticks.push_back(
        {value, value == 0 ? "0" : DurationFlag(absl::Seconds(std::llround(value)))});
  }
  return axis;
}

PlotAxis PercentileAxis(const std::string& title, double rows) {
  PlotAxis axis{.title = title, .min = 1, .max = std::clamp(rows, 10.0, 1e6), .logarithmic = true};
  const std::pair<double, const char*> ticks[] = {
      {1, "0"},    {2, "50"},      {4, "75"},         {10, "90"},      {20, "95"},
      {100, "99"}, {1000, "99.9"}, {10'000, "99.99"}, {1e5, "99.999"}, {1e6, "99.9999"}};
  for (const auto& [value, label] : ticks) {
    if (value <= axis.max) axis.ticks.push_back({value, label});
  }
  return axis;
}

}  // namespace provisioning
