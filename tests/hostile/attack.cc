// SPDX-License-Identifier: Apache-2.0
#include "tests/hostile/attack.h"

namespace provisioning {

const std::vector<Attack>& Attacks() {
  static const std::vector<Attack> attacks = {
      {"rapid-reset", "opens a stream and resets it at once, COUNT times", 20'000, &RapidReset},
      {"stream-flood", "opens COUNT streams and lets them be", 20'000, &StreamFlood},
      {"unacked-settings", "the same, without ever acknowledging SETTINGS", 20'000,
       &UnacknowledgedSettings},
      {"zero-window", "COUNT calls whose answers may have no byte, for 10 s", 100, &ZeroWindow},
      {"ping-flood", "COUNT pings", 50'000, &PingFlood},
      {"settings-flood", "COUNT times SETTINGS, each of which wants an answer", 50'000,
       &SettingsFlood},
      {"giant-header", "one header of COUNT MiB in CONTINUATIONs", 8, &GiantHeader},
      {"many-headers", "COUNT MiB of headers of one call, in CONTINUATIONs", 64, &ManyHeaders},
      {"continuation-flood", "the same, each CONTINUATION below the limit of headers", 64,
       &ContinuationFlood},
      {"hpack-bomb", "COUNT calls with headers that unfold from 16 KiB to 60 MiB", 50, &HpackBomb},
      {"slow-handshake", "COUNT connections that never get to the end of theirs", 200,
       &SlowHandshake},
      {"random-bytes", "COUNT connections full of random bytes and frames", 300, &RandomBytes},
  };
  return attacks;
}

}  // namespace provisioning
