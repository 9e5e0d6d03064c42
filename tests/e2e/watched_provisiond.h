// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tests/e2e/provisiond_fixture.h"
#include "tests/support/http_get.h"
#include "tests/support/metrics_scrape.h"

namespace provisioning {

// A provisiond with listeners for metrics and for health.
class WatchedProvisiond : public ProvisiondFixture {
 protected:
  WatchedProvisiond() {
    AddServeFlags({"--metrics-listen", "127.0.0.1:0", "--health-listen", "127.0.0.1:0"});
  }

  // HOST:PORT. They are in the log of a server that listens.
  static std::string MetricsAddress(const std::string& log) {
    return Behind(log, "metrics on http://");
  }
  static std::string HealthAddress(const std::string& log) { return Behind(log, "health on "); }
  std::string metrics_address() { return MetricsAddress(LogOfServing()); }
  std::string health_address() { return HealthAddress(LogOfServing()); }

  std::string MetricsText() { return HttpGet(metrics_address(), "/metrics").body; }
  MetricsScrape Scrape() { return MetricsScrape(MetricsText()); }

 private:
  std::string LogOfServing() {
    (void)address();  // Of the last line of those.
    return server().log();
  }
  static std::string Behind(const std::string& log, const std::string& mark) {
    const std::size_t begin = log.find(mark);
    if (begin == std::string::npos) return "";
    const std::string rest = log.substr(begin + mark.size());
    return rest.substr(0, rest.find_first_of("/\"\n"));
  }
};

}  // namespace provisioning
