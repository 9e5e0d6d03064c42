// SPDX-License-Identifier: Apache-2.0
#include "service/server/channel_limits.h"

#include <limits>

#include "absl/time/time.h"
#include "grpcpp/resource_quota.h"
#include "service/model/limits.h"

namespace provisioning {
namespace {

// What a stream may send before it is read: with 100 streams 6.4 MiB a connection.
// The window may grow with the bandwidth-delay product that pings measure, or callers
// behind a slow line would get 64 KiB in each round trip, however wide it is.
constexpr int stream_window_bytes = 64 << 10;
constexpr bool bdp_probe = true;
// Names, values and 32 bytes for each header of a call. Ours need a tenth of it.
// Bounds what an HPACK bomb unfolds to (CVE-2016-1544 and its like).
constexpr int metadata_bytes_max = 8 << 10;
// Pings that come sooner than this, without data in between, count as strikes, of
// which the third closes the connection (CVE-2019-9512).
constexpr absl::Duration ping_interval_min = absl::Seconds(30);
// Then a connection gets a GOAWAY, so that callers spread over new replicas, and
// rights and certificates are looked at again. Its streams go on: there is no limit
// on the length of an import.
constexpr absl::Duration connection_age_max = absl::Minutes(30);
constexpr int connection_age_grace_ms = std::numeric_limits<int>::max();

// Where the two listeners differ.
struct ListenerLimits {
  const char* quota_name;
  int message_bytes_max;
  int concurrent_streams_max;
  // gRPC's buffers of all connections together. Rows under way have bounds of their
  // own (ImportCoreOptions); above the quota gRPC gives memory back by closing what is
  // idle, and then by ending calls.
  std::size_t buffers_bytes_max;
  // Until TLS is agreed and the first SETTINGS have come; gRPC's own is 120 s. Who
  // never finishes (a slow loris) holds a descriptor for no longer.
  absl::Duration handshake_timeout;
  // A connection without a call is closed: descriptors are for who uses them.
  absl::Duration connection_idle_max;
};

constexpr ListenerLimits callers = {
    .quota_name = "callers",
    .message_bytes_max = limits::request_bytes_max,
    // gRPC has no bound of its own, and RFC 9113 (5.1.2) recommends no less than 100. A
    // caller with more streams than that opens another connection. It bounds what a
    // rapid reset (CVE-2023-44487) and a flood have under way, as long as the peer
    // acknowledges SETTINGS.
    .concurrent_streams_max = 100,
    .buffers_bytes_max = 256 << 20,
    .handshake_timeout = absl::Seconds(10),
    .connection_idle_max = absl::Minutes(15)};

constexpr ListenerLimits probes = {
    .quota_name = "probes",
    .message_bytes_max = 4 << 10,  // A request about health is some bytes.
    .concurrent_streams_max = 10,  // A watch for each name, and some checks beside them.
    .buffers_bytes_max = 32 << 20,
    // There are 32 places, and probes wait for one: silence may not hold them for long.
    .handshake_timeout = absl::Seconds(2),
    .connection_idle_max = absl::Seconds(10)};

int Milliseconds(absl::Duration duration) {
  return static_cast<int>(absl::ToInt64Milliseconds(duration));
}

void Set(const ListenerLimits& listener, const ServeConfig& config, grpc::ServerBuilder& builder) {
  const auto set = [&builder](const char* name, int value) {
    builder.AddChannelArgument(name, value);
  };
  builder.SetMaxReceiveMessageSize(listener.message_bytes_max);
  builder.SetResourceQuota(
      grpc::ResourceQuota(listener.quota_name).Resize(listener.buffers_bytes_max));
  set(GRPC_ARG_MAX_CONCURRENT_STREAMS, listener.concurrent_streams_max);
  set(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, stream_window_bytes);
  set(GRPC_ARG_HTTP2_BDP_PROBE, bdp_probe ? 1 : 0);
  set(GRPC_ARG_MAX_METADATA_SIZE, metadata_bytes_max);
  // Newer gRPC refuses from the former size on at random, and all from here.
  set("grpc.absolute_max_metadata_size", metadata_bytes_max);
  set(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, Milliseconds(listener.handshake_timeout));
  set(GRPC_ARG_KEEPALIVE_TIME_MS, Milliseconds(config.keepalive_time));
  set(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, Milliseconds(config.keepalive_timeout));
  set(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  set(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, Milliseconds(ping_interval_min));
  set(GRPC_ARG_MAX_CONNECTION_IDLE_MS, Milliseconds(listener.connection_idle_max));
  set(GRPC_ARG_MAX_CONNECTION_AGE_MS, Milliseconds(connection_age_max));
  set(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, connection_age_grace_ms);
}

}  // namespace

void SetChannelLimits(const ServeConfig& config, grpc::ServerBuilder& builder) {
  Set(callers, config, builder);
}

void SetProbeLimits(const ServeConfig& config, grpc::ServerBuilder& builder) {
  Set(probes, config, builder);
}

}  // namespace provisioning
