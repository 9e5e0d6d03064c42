// SPDX-License-Identifier: Apache-2.0
#include "tests/load/stream_slot.h"

#include <algorithm>
#include <utility>

#include "tests/load/random_bits.h"
#include "tests/load/running_import.h"

namespace provisioning {
namespace {

constexpr absl::Duration backoff_min = absl::Milliseconds(100);
constexpr int backoff_doublings_max = 6;

// Rows whenever there is room for them.
class EagerRows final : public RowFeed {
 public:
  explicit EagerRows(const SharedLoad& shared) : shared_(shared) {}

  std::vector<std::int64_t> Take(int count) override {
    if (shared_.stopping) return {};
    return std::vector<std::int64_t>(static_cast<std::size_t>(count), shared_.run.now());
  }
  bool Ended() override { return shared_.stopping; }

 private:
  const SharedLoad& shared_;
};

std::unique_ptr<RowFeed> MakeFeed(SharedLoad& shared, int number) {
  if (shared.arrivals == nullptr) return std::make_unique<EagerRows>(shared);
  return std::make_unique<StreamArrivals>(*shared.arrivals, number);
}

// Takes up to `wanted` of what is left.
std::int64_t Claim(std::atomic<std::int64_t>& left, std::int64_t wanted) {
  std::int64_t there = left;
  while (there > 0 && !left.compare_exchange_weak(there, there - std::min(there, wanted))) {
  }
  return std::clamp<std::int64_t>(there, 0, wanted);
}

}  // namespace

StreamSlot::StreamSlot(SharedLoad& shared, int number)
    : shared_(shared),
      number_(number),
      feed_(MakeFeed(shared, number)),
      arrivals_(dynamic_cast<StreamArrivals*>(feed_.get())) {}

void StreamSlot::Poke() {
  std::shared_ptr<RunningImport> current;
  bool starts = false;
  {
    std::lock_guard lock(mutex_);
    starts = current_ == nullptr;
    if (starts) current_ = MakeNext();
    current = current_;
  }
  if (current == nullptr) return;
  starts ? current->Start() : current->Poke();
}

std::shared_ptr<RunningImport> StreamSlot::MakeNext() {
  if (shared_.giving_up || shared_.run.now() < not_before_) return nullptr;
  std::int64_t rows_max = shared_.options.rows_per_stream;
  if (arrivals_ != nullptr) {
    if (!arrivals_->Waiting()) return nullptr;
    // Otherwise all streams would end, and start anew, at the same time.
    if (sequence_ == 0)
      rows_max = std::max<std::int64_t>(1, rows_max * (number_ + 1) / shared_.options.streams);
  } else {
    if (shared_.stopping) return nullptr;
    rows_max = Claim(shared_.rows_left, rows_max);
    if (rows_max == 0) return nullptr;
  }
  return std::make_shared<RunningImport>(shared_, *this, *feed_, PlaceOfNext(rows_max));
}

LoadImport::Place StreamSlot::PlaceOfNext(std::int64_t rows_max) {
  const LoadOptions& options = shared_.options;
  LoadImport::Place place;
  place.index = shared_.next_import++;
  place.rows_max = rows_max;
  place.first_person = 1 + place.index * options.rows_per_stream;
  // As long as there are streams enough, each organization has its own.
  const bool rotates = options.organizations > options.streams;
  place.organization = static_cast<int>((number_ + (rotates ? sequence_ * options.streams : 0)) %
                                        options.organizations);
  ++sequence_;
  const std::uint64_t bits = RandomBits(~options.seed, static_cast<std::uint64_t>(place.index));
  if (Fraction(bits) < options.replays) {
    place.cut_after_row =
        1 + static_cast<std::int64_t>(Fraction(MixBits(bits)) * static_cast<double>(rows_max));
  }
  return place;
}

void StreamSlot::LetDrain() {
  if (arrivals_ == nullptr || draining_ != nullptr) return;
  if (current_ != nullptr && current_->all_sent()) draining_ = std::move(current_);
}

void StreamSlot::OnAllSent(const RunningImport* import) {
  {
    std::lock_guard lock(mutex_);
    if (current_.get() != import) return;
    LetDrain();
    if (current_ != nullptr) return;
  }
  Poke();
}

void StreamSlot::OnEnd(const RunningImport* import, bool failed, absl::Duration retry_delay) {
  {
    std::lock_guard lock(mutex_);
    ++ends_under_way_;
    failures_ = failed ? failures_ + 1 : 0;
    if (failed) {
      const absl::Duration backoff =
          backoff_min * (1 << std::min(failures_ - 1, backoff_doublings_max));
      not_before_ = shared_.run.now() + absl::ToInt64Nanoseconds(std::max(backoff, retry_delay));
    }
    if (current_.get() == import) current_ = nullptr;
    if (draining_.get() == import) draining_ = nullptr;
    LetDrain();
  }
  Poke();
  // The last thing that is touched: an idle slot may go at any time.
  std::lock_guard lock(mutex_);
  --ends_under_way_;
}

void StreamSlot::GiveUp() {
  std::shared_ptr<RunningImport> imports[2];
  {
    std::lock_guard lock(mutex_);
    imports[0] = current_;
    imports[1] = draining_;
  }
  for (const auto& import : imports) {
    if (import != nullptr) import->GiveUp();
  }
}

bool StreamSlot::idle() const {
  std::lock_guard lock(mutex_);
  return current_ == nullptr && draining_ == nullptr && ends_under_way_ == 0;
}

}  // namespace provisioning
