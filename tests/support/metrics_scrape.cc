// SPDX-License-Identifier: Apache-2.0
#include "tests/support/metrics_scrape.h"

#include <algorithm>
#include <cstdlib>
#include <regex>
#include <set>
#include <sstream>

namespace provisioning {

MetricsScrape::MetricsScrape(const std::string& text) {
  static const std::regex line_form(R"re(^(\w+)(\{(.*)\})? (\S+)$)re");
  static const std::regex label_form(R"re((\w+)="([^"]*)")re");
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::smatch parts;
    if (line.empty() || line[0] == '#' || !std::regex_match(line, parts, line_form)) continue;
    Series series{parts[1], {}, std::strtod(parts[4].str().c_str(), nullptr)};
    const std::string labels = parts[3];
    for (std::sregex_iterator label(labels.begin(), labels.end(), label_form), end; label != end;
         ++label) {
      series.labels[(*label)[1]] = (*label)[2];
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
