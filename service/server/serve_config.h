// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "service/credential/hash_cost.h"
#include "service/model/limits.h"
#include "service/server/signal_options.h"
#include "service/server/store_address.h"
#include "service/server/trust_config.h"
#include "service/sharing/organization_shares.h"

namespace provisioning {

// What `provisiond serve` is told.
struct ServeConfig {
  std::string listen;  // HOST:PORT; port 0: any free one.
  StoreFlags store;
  bool insecure_loopback = false;
  TrustConfig trust = {};
  // Connections at a time; 0: as many as the limit of open files leaves room for,
  // which bounds it in any case.
  int connections_max = 2048;
  // A stream from which nothing comes for so long, and to which nothing is owed, is
  // ended; zero: never. See STREAM_IDLE in the proto.
  absl::Duration stream_idle_timeout = absl::Minutes(10);
  int hash_threads = 0;  // 0: as many as the process may use CPUs.
  HashCost hash_cost;
  // Consecutive wrong passwords until an address is locked, from 1 to 100.
  int failures_max = 100;
  // Characters that a client's own password needs, from 8.
  int new_password_characters_min = limits::password_characters_min;
  // How long temporary passwords must work at least.
  absl::Duration temporary_password_ttl_min = limits::temporary_password_ttl_min;
  // How organizations share hashing, commits and workers when they want more than
  // there is.
  OrganizationShares shares = {};
  // A caller of whom nothing comes for the time is asked for a sign of life, and
  // cut off, its streams cancelled, if there is none within the timeout.
  absl::Duration keepalive_time = absl::Seconds(60);
  absl::Duration keepalive_timeout = absl::Seconds(20);
  // At a stop: how long it goes on serving while its health says NOT_SERVING, so
  // that balancers and callers look elsewhere first; 0: no time.
  absl::Duration drain_delay = absl::ZeroDuration();
  // After that: how long streams and calls have to be answered and ended.
  absl::Duration drain_timeout = absl::Seconds(8);
  SignalOptions signals;
};

// Takes a value of --organization-share, "ORGANIZATION=SHARE". INVALID_ARGUMENT
// with a sentence that names the flag.
absl::Status AddShare(const std::string& text, OrganizationShares& shares);

// INVALID_ARGUMENT with a sentence that names the flag: it is no HOST:PORT, or without
// TLS no word for loopback. What "localhost" stands for shows when it is opened.
absl::Status CheckListen(const ServeConfig& config);

}  // namespace provisioning
