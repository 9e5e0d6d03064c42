// SPDX-License-Identifier: Apache-2.0
#include "service/signals/metrics_listener.h"

#include <exception>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "prometheus/exposer.h"

namespace provisioning {
namespace {

// Of the web server in the library. A scrape takes milliseconds; who is slower than
// this, on so many connections at once, keeps others from it.
const std::vector<std::string> fixed_options = {
    "num_threads", "4", "request_timeout_ms", "5000", "enable_directory_listing", "no"};

}  // namespace

MetricsListener::MetricsListener(std::unique_ptr<prometheus::Exposer> exposer)
    : exposer_(std::move(exposer)) {}

MetricsListener::~MetricsListener() = default;

absl::StatusOr<std::unique_ptr<MetricsListener>> MetricsListener::Start(
    const std::string& listen, const std::shared_ptr<prometheus::Collectable>& shown) {
  std::vector<std::string> options = fixed_options;
  options.insert(options.end(), {"listening_ports", listen});
  // The library throws when it cannot listen.
  try {
    auto exposer = std::make_unique<prometheus::Exposer>(options);
    exposer->RegisterCollectable(shown);
    return std::unique_ptr<MetricsListener>(new MetricsListener(std::move(exposer)));
  } catch (const std::exception&) {
    return absl::UnavailableError(absl::StrCat(
        "--metrics-listen ", listen,
        ": cannot be listened on; is it an address of this machine, and is nobody else there?"));
  }
}

int MetricsListener::port() const { return exposer_->GetListeningPorts().front(); }

}  // namespace provisioning
