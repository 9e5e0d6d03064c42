// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace prometheus {
class Collectable;
class Exposer;
}  // namespace prometheus

namespace provisioning {

// Answers GET /metrics in plaintext, and nothing else, on threads of its own.
class MetricsListener {
 public:
  // `listen`: IP:PORT, an IPv6 address in brackets; port 0: any free one.
  // UNAVAILABLE, with a sentence that names the flag: it cannot be listened on.
  static absl::StatusOr<std::unique_ptr<MetricsListener>> Start(
      const std::string& listen, const std::shared_ptr<prometheus::Collectable>& shown);
  // Waits for the scrapes that are under way.
  ~MetricsListener();
  MetricsListener(const MetricsListener&) = delete;
  MetricsListener& operator=(const MetricsListener&) = delete;

  int port() const;

 private:
  explicit MetricsListener(std::unique_ptr<prometheus::Exposer> exposer);

  const std::unique_ptr<prometheus::Exposer> exposer_;
};

}  // namespace provisioning
