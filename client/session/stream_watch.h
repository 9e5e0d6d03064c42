// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/client_context.h>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "absl/time/time.h"
#include "client/session/interrupt.h"

namespace provisioning {

// Watches over one stream, on a thread of its own: cancels it when nothing was
// heard for too long, and when it does not end in time after an interrupt.
class StreamWatch {
 public:
  struct Options {
    absl::Duration silence_max = absl::Seconds(20);  // The server speaks every second.
    absl::Duration stop_wait_max = absl::Seconds(10);
    absl::Duration tick = absl::Milliseconds(100);
  };

  // `on_interrupt` is called once, `on_tick` often, both on the watch's thread.
  StreamWatch(grpc::ClientContext& context, const Interrupt& interrupt, const Options& options,
              std::function<void()> on_interrupt, std::function<void()> on_tick);
  ~StreamWatch();

  StreamWatch(const StreamWatch&) = delete;
  StreamWatch& operator=(const StreamWatch&) = delete;

  // A message has come.
  void Heard();
  // The stream was cancelled because of silence.
  bool silent() const;

 private:
  void Run();
  void Tick(std::unique_lock<std::mutex>& lock);

  grpc::ClientContext& context_;
  const Interrupt& interrupt_;
  const Options options_;
  const std::function<void()> on_interrupt_;
  const std::function<void()> on_tick_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  // Guarded by mutex_.
  bool ended_ = false;
  bool silent_ = false;
  absl::Time last_heard_;
  absl::Time stop_deadline_ = absl::InfiniteFuture();

  std::thread thread_;
};

}  // namespace provisioning
