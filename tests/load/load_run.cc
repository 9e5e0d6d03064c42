// SPDX-License-Identifier: Apache-2.0
#include "tests/load/load_run.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>
#include <thread>

#include "absl/time/clock.h"
#include "service/model/uuid.h"
#include "tests/load/stream_slot.h"
#include "tests/support/process_memory.h"

namespace provisioning {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::int64_t second = 1'000'000'000;
// How long rows that are due may still be sent when the time is over.
constexpr std::int64_t last_rows_time = second;
// How often a stream that waits after an error is looked at.
constexpr std::int64_t look_interval = second / 10;
// For streams that were cancelled to end.
constexpr std::int64_t cancelled_time_max = 10 * second;

class Run {
 public:
  Run(const LoadOptions& options, const std::vector<std::shared_ptr<grpc::Channel>>& channels,
      const Interrupt& interrupt, const std::function<void(const LoadProgress&)>& tell);

  RunFacts Go();
  // Nothing is under way.
  bool Idle() const;

 private:
  std::int64_t now() const { return (SteadyClock::now() - begin_) / std::chrono::nanoseconds(1); }
  void Step(std::int64_t now);
  void Stop(std::int64_t now);
  void StepAfterStop(std::int64_t now);
  void EverySecond(std::int64_t now);
  bool NothingLeft() const;
  void PokeAll();
  void SleepUntilNextStep(std::int64_t now);

  const LoadOptions& options_;
  const Interrupt& interrupt_;
  const std::function<void(const LoadProgress&)>& tell_;
  const std::int64_t duration_;
  const SteadyClock::time_point begin_ = SteadyClock::now();
  RunRecord record_;
  std::optional<Arrivals> arrivals_;
  SharedLoad shared_;
  std::vector<std::unique_ptr<StreamSlot>> slots_;

  std::optional<std::int64_t> stop_time_;
  std::int64_t next_look_ = 0;
  std::int64_t next_second_ = 0;
  std::int64_t next_step_ = 0;
  std::int64_t late_max_ = 0;
  RunRecord::Counts last_counts_;
};

Run::Run(const LoadOptions& options, const std::vector<std::shared_ptr<grpc::Channel>>& channels,
         const Interrupt& interrupt, const std::function<void(const LoadProgress&)>& tell)
    : options_(options),
      interrupt_(interrupt),
      tell_(tell),
      duration_(absl::ToInt64Nanoseconds(options.duration)),
      record_(options.organizations, options.open_loop()),
      shared_{.options = options,
              .run = {.options = options,
                      .record = record_,
                      .now = [this] { return now(); },
                      .session_id = Uuid::NewV7(absl::Now()).ToString()},
              .channels = channels,
              .known = std::vector<KnownClients>(static_cast<std::size_t>(options.organizations)),
              .rows_left = options.rows_max > 0 ? options.rows_max
                                                : std::numeric_limits<std::int64_t>::max()} {
  if (options.open_loop()) {
    arrivals_.emplace(ArrivalSchedule(options.rate, options.spacing, options.seed), options.streams,
                      options.rows_max);
    shared_.arrivals = &*arrivals_;
  }
  for (int i = 0; i < options.streams; ++i) {
    slots_.push_back(std::make_unique<StreamSlot>(shared_, i));
  }
}

RunFacts Run::Go() {
  PokeAll();
  for (;;) {
    const std::int64_t time = now();
    EverySecond(time);
    if (!stop_time_) late_max_ = std::max(late_max_, time - next_step_);
    stop_time_ ? StepAfterStop(time) : Step(time);
    const bool lost = stop_time_ && time > *stop_time_ + absl::ToInt64Nanoseconds(options_.grace) +
                                               cancelled_time_max;
    if ((NothingLeft() && Idle()) || lost) break;
    SleepUntilNextStep(time);
  }
  record_.GeneratorLate(late_max_);
  record_.RunEnded(now());
  return record_.facts();
}

void Run::Step(std::int64_t now) {
  if (arrivals_) {
    arrivals_->Advance(std::min(now, duration_),
                       [this](int stream, std::int64_t time, std::int64_t rows) {
                         record_.RowsDue(time, rows);
                         slots_[static_cast<std::size_t>(stream)]->Poke();
                       });
  }
  const bool all_came = arrivals_ ? arrivals_->stopped() : shared_.rows_left == 0;
  const bool over = now >= duration_ || interrupt_.requested() || (arrivals_ && all_came);
  if (over) return Stop(now);
  if (now < next_look_) return;
  next_look_ = now + look_interval;
  PokeAll();
}

void Run::Stop(std::int64_t now) {
  stop_time_ = now;
  shared_.stopping = true;
  if (arrivals_) arrivals_->Stop();
  PokeAll();
}

void Run::StepAfterStop(std::int64_t now) {
  if (now < next_look_) return;
  next_look_ = now + look_interval;
  if (arrivals_ && now >= *stop_time_ + last_rows_time) arrivals_->Drop();
  if (now >= *stop_time_ + absl::ToInt64Nanoseconds(options_.grace)) {
    shared_.giving_up = true;
    if (arrivals_) arrivals_->Drop();
    for (const auto& slot : slots_) slot->GiveUp();
  }
  PokeAll();
}

void Run::EverySecond(std::int64_t now) {
  if (now < next_second_) return;
  next_second_ = (now / second + 1) * second;
  if (options_.server_pid > 0) {
    if (const auto bytes = ResidentBytes(options_.server_pid)) record_.ServerMemory(now, *bytes);
  }
  const RunRecord::Counts counts = record_.counts();
  tell_({.elapsed = absl::Nanoseconds(now),
         .counts = counts,
         .rows_per_second = static_cast<double>(counts.answered - last_counts_.answered),
         .stopping = stop_time_.has_value()});
  last_counts_ = counts;
}

bool Run::NothingLeft() const {
  if (stop_time_) {
    // A stream that is to be ended may be about to start for rows that wait.
    return !arrivals_ || shared_.giving_up || record_.counts().due == record_.counts().sent ||
           now() > *stop_time_ + last_rows_time + 2 * look_interval;
  }
  return !arrivals_ && shared_.rows_left == 0;
}

bool Run::Idle() const {
  return std::ranges::all_of(slots_, [](const auto& slot) { return slot->idle(); });
}

void Run::PokeAll() {
  for (const auto& slot : slots_) slot->Poke();
}

void Run::SleepUntilNextStep(std::int64_t now) {
  const std::int64_t step = ArrivalSchedule::tick_nanoseconds * (arrivals_ && !stop_time_ ? 1 : 5);
  next_step_ = (now / step + 1) * step;
  std::this_thread::sleep_until(begin_ + std::chrono::nanoseconds(next_step_));
}

}  // namespace

RunFacts RunLoad(const LoadOptions& options,
                 const std::vector<std::shared_ptr<grpc::Channel>>& channels,
                 const Interrupt& interrupt, const std::function<void(const LoadProgress&)>& tell) {
  auto run = std::make_unique<Run>(options, channels, interrupt, tell);
  RunFacts facts = run->Go();
  // Calls that did not even end when they were cancelled may still touch it.
  if (!run->Idle()) (void)run.release();
  return facts;
}

}  // namespace provisioning
