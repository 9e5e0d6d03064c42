// SPDX-License-Identifier: Apache-2.0
#include "client/session/stream_watch.h"

#include <utility>

#include "absl/time/clock.h"

namespace provisioning {

StreamWatch::StreamWatch(grpc::ClientContext& context, const Interrupt& interrupt,
                         const Options& options, std::function<void()> on_interrupt,
                         std::function<void()> on_tick)
    : context_(context),
      interrupt_(interrupt),
      options_(options),
      on_interrupt_(std::move(on_interrupt)),
      on_tick_(std::move(on_tick)),
      last_heard_(absl::Now()),
      thread_([this] { Run(); }) {}

StreamWatch::~StreamWatch() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void StreamWatch::Heard() {
  const std::lock_guard lock(mutex_);
  last_heard_ = absl::Now();
}

bool StreamWatch::silent() const {
  const std::lock_guard lock(mutex_);
  return silent_;
}

void StreamWatch::Run() {
  std::unique_lock lock(mutex_);
  while (!ended_) {
    Tick(lock);
    wake_.wait_for(lock, absl::ToChronoMilliseconds(options_.tick), [this] { return ended_; });
  }
}

void StreamWatch::Tick(std::unique_lock<std::mutex>& lock) {
  const absl::Time now = absl::Now();
  if (interrupt_.requested() && stop_deadline_ == absl::InfiniteFuture()) {
    stop_deadline_ = now + options_.stop_wait_max;
    lock.unlock();
    on_interrupt_();
    lock.lock();
  }
  if (now - last_heard_ > options_.silence_max) silent_ = true;
  if (silent_ || now > stop_deadline_) context_.TryCancel();
  lock.unlock();
  on_tick_();
  lock.lock();
}

}  // namespace provisioning
