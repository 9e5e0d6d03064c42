// SPDX-License-Identifier: Apache-2.0
#include "tests/hostile/http2_peer.h"

#include "absl/time/clock.h"

namespace provisioning {
namespace {

constexpr absl::Duration taken_max = absl::Seconds(20);
constexpr std::string_view refused_stream("\0\0\0\7", 4);

std::size_t Unsigned(char byte) { return static_cast<unsigned char>(byte); }

std::size_t LengthOf(std::string_view frame) {
  return Unsigned(frame[0]) << 16 | Unsigned(frame[1]) << 8 | Unsigned(frame[2]);
}

}  // namespace

Http2Peer::Http2Peer(const HostileTarget& target, const TlsContext& tls, bool obeys)
    : socket_(target, tls), obeys_(obeys) {
  Send(Opening());
}

bool Http2Peer::Send(std::string_view bytes) {
  const bool sent = socket_.Send(bytes, taken_max) == bytes.size();
  CountReceived();
  return sent && !socket_.is_gone();
}

void Http2Peer::Listen(absl::Duration timeout) {
  const absl::Time deadline = absl::Now() + timeout;
  while (!socket_.is_gone() && absl::Now() < deadline) {
    socket_.Receive(deadline - absl::Now());
    CountReceived();
  }
}

bool Http2Peer::IsAnswered(absl::Duration timeout) {
  const std::int64_t before = counts_.pings_answered;
  const absl::Time deadline = absl::Now() + timeout;
  if (!Send(Frame(FrameType::kPing, 0, 0, "12345678"))) return false;
  while (!socket_.is_gone() && counts_.pings_answered == before && absl::Now() < deadline) {
    socket_.Receive(deadline - absl::Now());
    CountReceived();
  }
  return counts_.pings_answered > before;
}

void Http2Peer::CountReceived() {
  received_ += socket_.TakeReceived();
  std::string_view rest = received_;
  bool has_settings = false;
  while (rest.size() >= frame_header_bytes && rest.size() >= frame_header_bytes + LengthOf(rest)) {
    const auto type = static_cast<FrameType>(rest[3]);
    const auto flags = static_cast<std::uint8_t>(rest[4]);
    Count(type, flags, rest.substr(frame_header_bytes, LengthOf(rest)));
    has_settings = has_settings || (type == FrameType::kSettings && (flags & flag_ack) == 0);
    rest.remove_prefix(frame_header_bytes + LengthOf(rest));
  }
  received_.erase(0, received_.size() - rest.size());
  if (has_settings && obeys_) socket_.Send(Frame(FrameType::kSettings, flag_ack, 0, ""), taken_max);
}

void Http2Peer::Count(FrameType type, std::uint8_t flags, std::string_view payload) {
  switch (type) {
    case FrameType::kResetStream:
      ++counts_.streams_reset;
      if (payload == refused_stream) ++counts_.streams_refused;
      break;
    case FrameType::kHeaders:
      ++counts_.answers;
      break;
    case FrameType::kGoAway:
      ++counts_.go_aways;
      break;
    case FrameType::kPing:
      if ((flags & flag_ack) != 0) ++counts_.pings_answered;
      break;
    default:
      break;
  }
}

}  // namespace provisioning
