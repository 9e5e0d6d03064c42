// SPDX-License-Identifier: Apache-2.0
// Connections that are never used for anything, and ones that speak nonsense.
#include <algorithm>
#include <random>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/hostile/attack.h"
#include "tests/hostile/http2_frames.h"

namespace provisioning {
namespace {

constexpr absl::Duration slow_max = absl::Seconds(60);
constexpr absl::Duration between_bytes = absl::Milliseconds(500);
constexpr absl::Duration taken_max = absl::Seconds(2);
// The header of a TLS record whose handshake has 512 bytes.
constexpr std::string_view client_hello("\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03", 11);

using Random = std::mt19937_64;

std::uint64_t Below(Random& random, std::uint64_t end) { return random() % end; }

std::string RandomText(Random& random, std::size_t size) {
  std::string text(size, '\0');
  for (char& byte : text) byte = static_cast<char>(random());
  return text;
}

// Frames whose headers are right and whose matter is not.
std::string RandomFrames(Random& random) {
  std::string bytes = Opening();
  for (std::uint64_t i = Below(random, 50); i > 0; --i) {
    bytes +=
        Frame(static_cast<FrameType>(Below(random, 12)), static_cast<std::uint8_t>(random()),
              static_cast<std::uint32_t>(Below(random, 8)), RandomText(random, Below(random, 512)));
  }
  return bytes;
}

// A call with a message, in which a few bits are wrong.
std::string DamagedCall(Random& random) {
  std::string bytes =
      Opening() + Frame(FrameType::kHeaders, flag_end_headers, 1, CallHeaders(attacked_method)) +
      Frame(FrameType::kData, 0, 1, start_bytes) + Frame(FrameType::kData, 1, 1, "");
  for (std::uint64_t i = 1 + Below(random, 8); i > 0; --i) {
    // The preface is left alone, or nothing behind it would be read.
    const std::size_t at =
        connection_preface.size() + Below(random, bytes.size() - connection_preface.size());
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << Below(random, 8)));
  }
  return bytes;
}

std::string Nonsense(Random& random) {
  switch (Below(random, 3)) {
    case 0:
      return RandomText(random, 1 + Below(random, 8192));
    case 1:
      return RandomFrames(random);
    default:
      return DamagedCall(random);
  }
}

}  // namespace

std::string SlowHandshake(const AttackOrders& orders) {
  const std::string drip =
      orders.tls ? std::string(client_hello) + std::string(500, '\0') : Opening();
  const absl::Time begin = absl::Now();
  std::vector<PeerSocket> connections;
  for (std::int64_t i = 0; i < orders.count; ++i) connections.emplace_back(orders.target);
  std::int64_t open = orders.count;
  for (std::size_t turn = 0; open > 0 && absl::Now() - begin < slow_max; ++turn) {
    // Half of them never say a word.
    for (std::size_t i = 0; i < connections.size() / 2 && turn + 1 < drip.size(); ++i) {
      connections[i].Send(drip.substr(turn, 1), absl::ZeroDuration());
    }
    const auto still = std::ranges::find_if_not(connections, &PeerSocket::is_gone);
    if (still != connections.end()) still->Receive(between_bytes);
    for (PeerSocket& connection : connections) connection.Receive(absl::ZeroDuration());
    open = std::ranges::count_if(connections, [](const PeerSocket& c) { return !c.is_gone(); });
  }
  return absl::StrCat("sent=", orders.count, " open=", open,
                      " seconds=", absl::ToInt64Seconds(absl::Now() - begin));
}

std::string RandomBytes(const AttackOrders& orders) {
  Random random(orders.seed);
  std::int64_t closed = 0;
  for (std::int64_t i = 0; i < orders.count; ++i) {
    // With TLS half of them do not get that far.
    const bool is_raw = orders.tls == nullptr || Below(random, 2) == 0;
    PeerSocket connection =
        is_raw ? PeerSocket(orders.target) : PeerSocket(orders.target, orders.tls);
    connection.Send(Nonsense(random), taken_max);
    connection.Receive(absl::Milliseconds(10));
    if (connection.is_gone()) ++closed;
  }
  return absl::StrCat("sent=", orders.count, " closed=", closed);
}

}  // namespace provisioning
