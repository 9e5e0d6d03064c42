// SPDX-License-Identifier: Apache-2.0
#include "service/server/serve_config.h"

#include <arpa/inet.h>

#include <cstdint>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "service/listening/host_port.h"

namespace provisioning {
namespace {

constexpr double share_min = 0.01;
constexpr double share_max = 100;

bool IsLoopback(const std::string& host) {
  if (host == "localhost") return true;
  in_addr v4{};
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1) return ntohl(v4.s_addr) >> 24 == 127;
  in6_addr v6{};
  return inet_pton(AF_INET6, host.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

}  // namespace

absl::Status AddShare(const std::string& text, OrganizationShares& shares) {
  const std::size_t equals = text.find('=');
  const auto organization_id = OrganizationId::Parse(text.substr(0, equals));
  double share = 0;
  const bool number =
      equals != std::string::npos && absl::SimpleAtod(text.substr(equals + 1), &share);
  if (!organization_id || !number || !(share >= share_min && share <= share_max)) {
    return absl::InvalidArgumentError(
        absl::StrCat("--organization-share ", text,
                     ": must be ORGANIZATION=SHARE, with a share from 0.01 to 100 (everybody else "
                     "has 1)"));
  }
  shares.Set(*organization_id, share);
  return absl::OkStatus();
}

absl::Status CheckListen(const ServeConfig& config) {
  const auto listen = ParseHostPort(config.listen);
  if (!listen) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--listen ", config.listen, ": must be HOST:PORT, with a port from 0 (any) to 65535"));
  }
  // All of it may be meant for an address.
  if (!listen->is_bracketed && listen->host.find(':') != std::string::npos) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--listen ", config.listen, ": must be HOST:PORT, with an IPv6 address in brackets"));
  }
  if (config.insecure_loopback && !config.trust.tls() && !IsLoopback(listen->host)) {
    return absl::InvalidArgumentError(
        absl::StrCat("--listen ", config.listen,
                     ": --insecure-loopback is plaintext, so the host must be a loopback address "
                     "(127.0.0.1, [::1] or localhost)"));
  }
  return absl::OkStatus();
}

}  // namespace provisioning
