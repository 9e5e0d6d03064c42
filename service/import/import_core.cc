// SPDX-License-Identifier: Apache-2.0
#include "service/import/import_core.h"

#include <vector>

namespace provisioning {

ImportCore::ImportCore(const ImportCoreDependencies& dependencies, const ImportCoreOptions& options)
    : dependencies_(dependencies), options_(options) {
  if (options_.progress_interval > absl::ZeroDuration()) {
    ticker_ = std::thread([this] { TickForEver(); });
  }
}

ImportCore::~ImportCore() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  if (ticker_.joinable()) ticker_.join();
}

std::shared_ptr<ImportStream> ImportCore::NewStream(ImportSink& sink) {
  auto stream = std::make_shared<ImportStream>(*this, sink);
  bool draining = false;
  {
    std::lock_guard lock(mutex_);
    streams_.insert(stream);
    draining = draining_;
  }
  if (draining) stream->Drain();
  return stream;
}

void ImportCore::Drain() {
  std::vector<std::shared_ptr<ImportStream>> streams;
  {
    std::lock_guard lock(mutex_);
    draining_ = true;
    for (const auto& weak : streams_) {
      if (auto stream = weak.lock()) streams.push_back(std::move(stream));
    }
  }
  for (const auto& stream : streams) stream->Drain();
}

void ImportCore::Tick() {
  std::vector<std::shared_ptr<ImportStream>> streams;
  {
    std::lock_guard lock(mutex_);
    for (const auto& weak : streams_) {
      if (auto stream = weak.lock()) streams.push_back(std::move(stream));
    }
  }
  for (const auto& stream : streams) stream->Tick();
}

int ImportCore::stream_count() const {
  std::lock_guard lock(mutex_);
  return static_cast<int>(streams_.size());
}

RowsWaiting ImportCore::rows_waiting() const {
  return {.checking = rows_waiting_.checking,
          .look_up = rows_waiting_.look_up,
          .hashing = rows_waiting_.hashing,
          .commit = rows_waiting_.commit,
          .sending = rows_waiting_.sending};
}

void ImportCore::WaitingChanged(const RowsWaiting& before, const RowsWaiting& now) {
  rows_waiting_.checking += now.checking - before.checking;
  rows_waiting_.look_up += now.look_up - before.look_up;
  rows_waiting_.hashing += now.hashing - before.hashing;
  rows_waiting_.commit += now.commit - before.commit;
  rows_waiting_.sending += now.sending - before.sending;
}

bool ImportCore::draining() const {
  std::lock_guard lock(mutex_);
  return draining_;
}

void ImportCore::Reverted(const ImportKey& key) {
  std::shared_ptr<ImportStream> stream;
  {
    std::lock_guard lock(mutex_);
    const auto holder = holders_.find(key);
    if (holder != holders_.end()) stream = holder->second.stream.lock();
  }
  if (stream) stream->TakeOver();
}

void ImportCore::Claimed(const ImportKey& key, std::int64_t epoch, ImportStream& stream) {
  std::shared_ptr<ImportStream> superseded;
  {
    std::lock_guard lock(mutex_);
    auto [holder, inserted] = holders_.try_emplace(key, Holder{epoch, stream.weak_from_this()});
    if (!inserted) {
      // Claims may arrive here in another order than the store made them.
      if (holder->second.epoch < epoch) {
        superseded = holder->second.stream.lock();
        holder->second = {epoch, stream.weak_from_this()};
      } else {
        superseded = stream.shared_from_this();
      }
    }
  }
  if (superseded) superseded->TakeOver();
}

void ImportCore::Finished(ImportStream& stream) {
  std::lock_guard lock(mutex_);
  streams_.erase(stream.weak_from_this());
  const auto& key = stream.key();
  if (!key) return;
  const auto holder = holders_.find(*key);
  if (holder != holders_.end() && holder->second.stream.lock().get() == &stream) {
    holders_.erase(holder);
  }
}

void ImportCore::TickForEver() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    stop_.wait_for(lock, absl::ToChronoMilliseconds(options_.progress_interval));
    if (stopping_) return;
    lock.unlock();
    Tick();
    lock.lock();
  }
}

}  // namespace provisioning
