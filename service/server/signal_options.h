// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "service/signals/log_line.h"

namespace CLI {
class App;
}  // namespace CLI

namespace provisioning {

// By what a server lets itself be watched.
struct SignalOptions {
  // Plaintext listeners that serve nothing else, IP:PORT, with an IPv6 address in
  // brackets; port 0: any free one; empty: none. They may be open to more than loopback: nothing of
  // a person is there to be read.
  std::string health_listen = {};
  std::string metrics_listen = {};
  LogFormat log_format = LogFormat::kText;
  // Services of gRPC's own, on the listener for callers.
  bool reflection = false;
  bool channelz = false;
};

// Adds --health-listen, --metrics-listen, --log-format, --reflection, --channelz.
void AddSignalFlags(CLI::App& serve, SignalOptions& options);

// All that is wrong with them, each in a sentence that names the flag.
std::vector<std::string> FindSignalProblems(const SignalOptions& options);

}  // namespace provisioning
