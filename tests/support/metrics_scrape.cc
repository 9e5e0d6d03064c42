// SPDX-License-Identifier: Apache-2.0
#include "tests/support/metrics_scrape.h"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <sstream>
#include <utility>

#include "absl/strings/str_split.h"

namespace provisioning {
namespace {

// NAME="VALUE",NAME="VALUE": no value here has a quote in it.
MetricsScrape::Labels ReadLabels(absl::string_view text) {
  MetricsScrape::Labels labels;
  for (const absl::string_view label : absl::StrSplit(text, "\",", absl::SkipEmpty())) {
    const std::pair<std::string, std::string> parts =
        absl::StrSplit(label, absl::MaxSplits('=', 1));
    labels[parts.first] = parts.second.substr(1, parts.second.find('"', 1) - 1);
  }
  return labels;
}

}  // namespace

// Lines of NAME VALUE or NAME{LABELS} VALUE.
MetricsScrape::MetricsScrape(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t space = line.rfind(' ');
    if (line.empty() || line[0] == '#' || space == std::string::npos) continue;
    Series series{line.substr(0, space), {}, std::strtod(line.c_str() + space, nullptr)};
    if (const std::size_t brace = series.name.find('{'); brace != std::string::npos) {
      series.labels = ReadLabels(absl::string_view(series.name).substr(brace + 1));
      series.name.resize(brace);
    }
    series_.push_back(std::move(series));
  }
}

bool MetricsScrape::Series::Matches(const std::string& other_name,
                                    const Labels& other_labels) const {
  return name == other_name && std::ranges::all_of(other_labels, [this](const auto& label) {
           const auto found = labels.find(label.first);
           return found != labels.end() && found->second == label.second;
         });
}

double MetricsScrape::Sum(const std::string& name, const Labels& labels) const {
  double sum = 0;
  for (const Series& series : series_) {
    if (series.Matches(name, labels)) sum += series.value;
  }
  return sum;
}

bool MetricsScrape::Has(const std::string& name, const Labels& labels) const {
  return std::ranges::any_of(series_,
                             [&](const Series& series) { return series.Matches(name, labels); });
}

std::vector<std::string> MetricsScrape::LabelNames() const {
  std::set<std::string> names;
  for (const Series& series : series_) {
    for (const auto& [name, value] : series.labels) names.insert(name);
  }
  return {names.begin(), names.end()};
}

}  // namespace provisioning
