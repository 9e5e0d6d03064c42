// SPDX-License-Identifier: Apache-2.0
#include "service/server/signal_options.h"

#include <arpa/inet.h>

#include <CLI/CLI.hpp>
#include <map>

#include "absl/strings/str_cat.h"
#include "service/listening/host_port.h"

namespace provisioning {
namespace {

// The one thing that gRPC and the web server of the metrics both understand: an IP
// address, an IPv6 one in brackets.
bool IsAddressAndPort(const std::string& listen) {
  const auto parsed = ParseHostPort(listen);
  if (!parsed) return false;
  in_addr v4{};
  in6_addr v6{};
  return parsed->is_bracketed ? inet_pton(AF_INET6, parsed->host.c_str(), &v6) == 1
                              : inet_pton(AF_INET, parsed->host.c_str(), &v4) == 1;
}

absl::Status CheckListen(const char* flag, const std::string& listen) {
  if (listen.empty() || IsAddressAndPort(listen)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      flag, " ", listen,
      ": must be IP:PORT, with an IPv6 address in brackets and a port from 0 (any) to 65535"));
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

absl::Status CheckSignalOptions(const SignalOptions& options) {
  if (absl::Status status = CheckListen("--health-listen", options.health_listen); !status.ok()) {
    return status;
  }
  return CheckListen("--metrics-listen", options.metrics_listen);
}

}  // namespace provisioning
