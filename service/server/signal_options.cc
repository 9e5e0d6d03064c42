// SPDX-License-Identifier: Apache-2.0
#include "service/server/signal_options.h"

#include <arpa/inet.h>

#include <CLI/CLI.hpp>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "service/listening/host_port.h"

namespace provisioning {
namespace {

// All that the web server of the metrics understands: an IP address, an IPv6 one in
// brackets. A name might stand for an address more than was meant to be open.
bool IsAddressAndPort(const std::string& listen) {
  const auto parsed = ParseHostPort(listen);
  if (!parsed) return false;
  in_addr v4{};
  in6_addr v6{};
  return parsed->is_bracketed ? inet_pton(AF_INET6, parsed->host.c_str(), &v6) == 1
                              : inet_pton(AF_INET, parsed->host.c_str(), &v4) == 1;
}

}  // namespace

void AddSignalFlags(CLI::App& serve, SignalOptions& options) {
  serve.add_option("--health-listen", options.health_listen,
                   "IP:PORT of a plaintext listener that serves grpc.health.v1 alone; port 0 takes "
                   "a free one and prints it");
  serve.add_option("--metrics-listen", options.metrics_listen,
                   "IP:PORT of a plaintext listener that serves Prometheus metrics at /metrics "
                   "alone; port 0 takes a free one and prints it");
  serve
      .add_option("--log-format", options.log_format,
                  "text, or json: an object a line (the level is that of SPDLOG_LEVEL)")
      ->transform(CLI::CheckedTransformer(
          std::map<std::string, LogFormat>{{"text", LogFormat::kText}, {"json", LogFormat::kJson}}))
      ->option_text("text|json")
      ->default_str("text");
  serve.add_flag("--reflection", options.reflection,
                 "Serve gRPC reflection (v1alpha) to callers, for grpcurl and the like");
  serve.add_flag("--channelz", options.channelz,
                 "Serve channelz to callers: gRPC's own view of its connections");
}

std::vector<std::string> FindSignalProblems(const SignalOptions& options) {
  const std::pair<const char*, const std::string&> listeners[] = {
      {"--health-listen", options.health_listen}, {"--metrics-listen", options.metrics_listen}};
  std::vector<std::string> problems;
  for (const auto& [flag, listen] : listeners) {
    if (listen.empty() || IsAddressAndPort(listen)) continue;
    problems.push_back(absl::StrCat(
        flag, " ", listen,
        ": must be IP:PORT, with an IPv6 address in brackets and a port from 0 (any) to 65535"));
  }
  return problems;
}

}  // namespace provisioning
