// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/hostile/peer_socket.h"

namespace provisioning {

struct AttackOrders {
  HostileTarget target;
  TlsContext tls;  // Of the target.
  std::int64_t count = 0;
  std::uint64_t seed = 0;
};

// Something that a peer does to a server. `run` returns, in NAME=NUMBER, what came
// of it, and ends by itself whatever the server does.
struct Attack {
  std::string_view name;
  std::string_view what;
  std::int64_t count;  // How many, unless told otherwise; of what, `what` says.
  std::string (*run)(const AttackOrders& orders);
};

const std::vector<Attack>& Attacks();

// A call that has a handler of ours.
inline constexpr std::string_view attacked_method =
    "/provisioning.v1.ClientProvisioningService/ImportClients";

// What a caller says first, as gRPC frames it: validate_only, for the organization
// "practice".
inline constexpr std::string_view start_bytes("\0\0\0\0\x0E\x0A\x0C\x0A\x08practice\x30\x01", 19);

// The attacks, by what they are made of.
std::string RapidReset(const AttackOrders& orders);
std::string StreamFlood(const AttackOrders& orders);
std::string UnacknowledgedSettings(const AttackOrders& orders);
std::string ZeroWindow(const AttackOrders& orders);
std::string PingFlood(const AttackOrders& orders);
std::string SettingsFlood(const AttackOrders& orders);
std::string GiantHeader(const AttackOrders& orders);
std::string ManyHeaders(const AttackOrders& orders);
std::string ContinuationFlood(const AttackOrders& orders);
std::string HpackBomb(const AttackOrders& orders);
std::string SlowHandshake(const AttackOrders& orders);
std::string RandomBytes(const AttackOrders& orders);

}  // namespace provisioning
