// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "tests/hostile/http2_frames.h"
#include "tests/hostile/peer_socket.h"

namespace provisioning {

// An HTTP/2 connection that sends whatever it is told, and counts what comes back.
// One thread.
class Http2Peer {
 public:
  struct Counts {
    std::int64_t streams_reset = 0;    // RST_STREAM, with any code.
    std::int64_t streams_refused = 0;  // Of them, with REFUSED_STREAM.
    std::int64_t answers = 0;          // HEADERS.
    std::int64_t go_aways = 0;
    std::int64_t pings_answered = 0;
  };

  // Opens the connection; SETTINGS of the peer are acknowledged only if it `obeys`.
  Http2Peer(const HostileTarget& target, const TlsContext& tls, bool obeys);

  // False: the peer has closed, or took no more within 20 s.
  bool Send(std::string_view bytes);
  // Reads for so long at most, until the peer closes.
  void Listen(absl::Duration timeout);
  // Sends a PING and waits for its answer. False: none came, or the peer closed.
  bool IsAnswered(absl::Duration timeout);

  bool is_gone() const { return socket_.is_gone(); }
  const Counts& counts() const { return counts_; }

 private:
  void CountReceived();
  void Count(FrameType type, std::uint8_t flags, std::string_view payload);

  PeerSocket socket_;
  const bool obeys_;
  std::string received_;  // The beginning of a frame.
  Counts counts_;
};

}  // namespace provisioning
