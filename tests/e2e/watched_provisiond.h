// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tests/e2e/provisiond_fixture.h"
#include "tests/support/http_get.h"
#include "tests/support/listener_addresses.h"
#include "tests/support/metrics_scrape.h"

namespace provisioning {

// A provisiond with listeners for metrics and for health.
class WatchedProvisiond : public ProvisiondFixture {
 protected:
  WatchedProvisiond() {
    AddServeFlags({"--metrics-listen", "127.0.0.1:0", "--health-listen", "127.0.0.1:0"});
  }

  // HOST:PORT.
  std::string metrics_address() { return MetricsAddressIn(LogOfServing()); }
  std::string health_address() { return HealthAddressIn(LogOfServing()); }

  std::string MetricsText() { return HttpGet(metrics_address(), "/metrics").body; }
  MetricsScrape Scrape() { return MetricsScrape(MetricsText()); }

 private:
  std::string LogOfServing() {
    (void)address();  // Of the last line of those.
    return server().log();
  }
};

}  // namespace provisioning
