// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

namespace provisioning {

// What a server showed at /metrics.
class MetricsScrape {
 public:
  using Labels = std::map<std::string, std::string>;

  explicit MetricsScrape(const std::string& text);

  // The sum of all series of this name that have these labels among theirs; 0 if
  // there are none.
  double Sum(const std::string& name, const Labels& labels = {}) const;
  // Whether there is such a series.
  bool Has(const std::string& name, const Labels& labels = {}) const;
  // Of all series.
  std::vector<std::string> LabelNames() const;

 private:
  struct Series {
    std::string name;
    Labels labels;
    double value;

    bool Matches(const std::string& other_name, const Labels& other_labels) const;
  };
  std::vector<Series> series_;
};

}  // namespace provisioning
