// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "service/credential/hash_cost.h"

namespace provisioning {

// What `provisiond serve` is told.
struct ServeConfig {
  std::string listen;  // HOST:PORT; port 0: any free one.
  std::string store;   // sqlite:PATH.
  bool insecure_loopback = false;
  int hash_threads = 0;  // 0: as many as the process may use CPUs.
  HashCost hash_cost;
  absl::Duration drain_timeout = absl::Seconds(8);
};

// INVALID_ARGUMENT with a sentence that names the flag: without TLS only
// loopback may be listened on, and only when it was asked for.
absl::Status CheckListen(const ServeConfig& config);

}  // namespace provisioning
