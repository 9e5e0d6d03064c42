// SPDX-License-Identifier: Apache-2.0
#include "client/retried_call.h"

#include <algorithm>
#include <random>

#include "absl/time/clock.h"
#include "client/connection.h"
#include "client/session/backoff.h"
#include "client/session/stream_watch.h"

namespace provisioning {
namespace {

constexpr absl::Duration wait_first = absl::Milliseconds(250);
constexpr absl::Duration wait_longest = absl::Seconds(5);
constexpr absl::Duration tick = absl::Milliseconds(50);

RpcError CallOnce(const std::function<grpc::Status(grpc::ClientContext&)>& call,
                  absl::Time deadline, const Interrupt& interrupt) {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(deadline));
  const StreamWatch watch(
      context, interrupt, {.silence_max = absl::InfiniteDuration(), .tick = tick},
      [&context] { context.TryCancel(); }, [] {});
  return ReadRpcError(call(context));
}

// Another try of the same request may have taken over from the one before.
bool MayBeMadeAgain(const RpcError& error, int tries) {
  return AfterErrorOf(error) == AfterError::kResume || (error.reason == "TAKEN_OVER" && tries > 1);
}

}  // namespace

RpcError CallUntilAnswered(const std::function<grpc::Status(grpc::ClientContext&)>& call,
                           const std::function<void(const RpcError&)>& on_retry,
                           const Interrupt& interrupt) {
  const absl::Time deadline = absl::Now() + UnaryTimeout();
  Backoff backoff(wait_first, wait_longest, std::random_device()());
  for (int tries = 1;; ++tries) {
    const RpcError error = CallOnce(call, deadline, interrupt);
    if (error.ok() || interrupt.requested() || !MayBeMadeAgain(error, tries)) return error;
    const absl::Time next = absl::Now() + std::max(backoff.Next(), error.retry_delay);
    if (next >= deadline) return error;
    on_retry(error);
    while (absl::Now() < next) {
      if (interrupt.requested()) return error;
      absl::SleepFor(std::min(tick, next - absl::Now()));
    }
  }
}

}  // namespace provisioning
