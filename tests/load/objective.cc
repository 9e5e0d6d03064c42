// SPDX-License-Identifier: Apache-2.0
#include "tests/load/objective.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "tests/load/unit_text.h"

namespace provisioning {
namespace {

constexpr std::string_view form =
    "An objective is a metric, < or <= (with rate > or >=), and a bound: p99<500ms, p99.9<=2s, "
    "max<5s, mean<50ms, import-p99<1s, errors<0.1%, rate>=1000, rss<512MiB";

struct Unit {
  std::string_view name;
  double factor;
};
constexpr Unit time_units[] = {{"us", 1e-6}, {"ms", 1e-3}, {"s", 1}, {"m", 60}};
constexpr Unit share_units[] = {{"%", 0.01}};
constexpr Unit memory_units[] = {{"KiB", 1024.0}, {"MiB", 1048576.0}, {"GiB", 1073741824.0}};

// Digits, perhaps a point and digits: no sign, exponent, "inf" or white space.
std::optional<double> PlainNumber(std::string_view text) {
  const bool plain = !text.empty() && text.find_first_not_of("0123456789.") == text.npos &&
                     absl::ascii_isdigit(static_cast<unsigned char>(text.front())) &&
                     absl::ascii_isdigit(static_cast<unsigned char>(text.back()));
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (!plain || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

template <std::size_t count>
std::optional<double> NumberWithUnit(std::string_view text, const Unit (&units)[count]) {
  const std::size_t unit_begin = std::min(text.find_first_not_of("0123456789."), text.size());
  const auto number = PlainNumber(text.substr(0, unit_begin));
  for (const auto& [name, factor] : units) {
    if (number && text.substr(unit_begin) == name) return *number * factor;
  }
  return std::nullopt;
}

absl::Status Refused(std::string_view text, const std::string& why) {
  return absl::InvalidArgumentError(
      absl::StrCat("--objective \"", std::string(text), "\": ", why, ". ", std::string(form)));
}

std::optional<double> BoundOf(Metric metric, std::string_view text) {
  switch (metric) {
    case Metric::kErrors:
      return NumberWithUnit(text, share_units);
    case Metric::kRate:
      return PlainNumber(text);
    case Metric::kMemory:
      return NumberWithUnit(text, memory_units);
    default:
      return NumberWithUnit(text, time_units);
  }
}

std::string BoundForm(Metric metric) {
  switch (metric) {
    case Metric::kErrors:
      return "a share in %";
    case Metric::kRate:
      return "rows a second, a plain number";
    case Metric::kMemory:
      return "a number with KiB, MiB or GiB";
    default:
      return "a time with us, ms, s or m";
  }
}

struct NamedMetric {
  Metric metric;
  double percent = 0;
};

std::optional<NamedMetric> MetricOf(std::string_view name) {
  if (name == "max") return NamedMetric{Metric::kLatencyMax};
  if (name == "mean") return NamedMetric{Metric::kLatencyMean};
  if (name == "errors") return NamedMetric{Metric::kErrors};
  if (name == "rate") return NamedMetric{Metric::kRate};
  if (name == "rss") return NamedMetric{Metric::kMemory};
  Metric metric = Metric::kLatencyPercentile;
  if (name.starts_with("import-")) {
    metric = Metric::kImportPercentile;
    name.remove_prefix(7);
  }
  if (!name.starts_with("p")) return std::nullopt;
  const auto percent = PlainNumber(name.substr(1));
  if (!percent || *percent <= 0 || *percent >= 100) return std::nullopt;
  return NamedMetric{metric, *percent};
}

}  // namespace

absl::StatusOr<Objective> Objective::Parse(std::string_view text) {
  Objective objective;
  for (const char c : text) {
    if (c != ' ') objective.text_ += c;
  }
  const std::string_view plain = objective.text_;
  const std::size_t sign = plain.find_first_of("<>");
  if (sign == plain.npos) return Refused(text, "it has neither < nor >");
  const std::string_view name = plain.substr(0, sign);
  const auto metric = MetricOf(name);
  if (!metric) return Refused(text, absl::StrCat("there is no metric \"", std::string(name), "\""));
  objective.metric_ = metric->metric;
  objective.percent_ = metric->percent;
  objective.below_ = plain[sign] == '<';
  if (objective.below_ == (objective.metric_ == Metric::kRate)) {
    return Refused(text,
                   objective.below_ ? "a rate is bounded from below" : "it is bounded from above");
  }
  std::string_view bound = plain.substr(sign + 1);
  objective.inclusive_ = bound.starts_with("=");
  if (objective.inclusive_) bound.remove_prefix(1);
  const auto value = BoundOf(objective.metric_, bound);
  if (!value) {
    return Refused(
        text, absl::StrCat("\"", std::string(bound), "\" is not ", BoundForm(objective.metric_)));
  }
  objective.bound_ = *value;
  if (!objective.inclusive_ && objective.below_ && *value == 0) {
    return Refused(text, "nothing is below 0; write <=");
  }
  return objective;
}

bool Objective::Met(std::optional<double> measured) const {
  if (!measured) return false;
  if (*measured == bound_) return inclusive_;
  return (*measured < bound_) == below_;
}

std::string Objective::ValueText(std::optional<double> measured) const {
  switch (metric_) {
    case Metric::kErrors:
      return PercentText(measured.value_or(1));
    case Metric::kRate:
      return measured ? NumberText(*measured) + " rows/s" : "not measured";
    case Metric::kMemory:
      return measured ? BytesText(*measured) : "not measured";
    default:
      return measured ? LatencyText(absl::Seconds(*measured)) : "no answer";
  }
}

}  // namespace provisioning
