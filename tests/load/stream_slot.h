// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "tests/load/arrivals.h"
#include "tests/load/load_import.h"

namespace provisioning {

class RunningImport;

// What the streams of a run share.
struct SharedLoad {
  const LoadOptions& options;
  LoadImport::Run run;
  std::vector<std::shared_ptr<grpc::Channel>> channels;
  std::vector<KnownClients> known;  // Of each organization.
  Arrivals* arrivals = nullptr;     // Closed loop: null.

  std::atomic<std::int64_t> next_import = 0;
  std::atomic<std::int64_t> rows_left;  // Closed loop: not yet given to an import.
  std::atomic<bool> stopping = false;   // No more rows are sent than must be.
  std::atomic<bool> giving_up = false;  // Nothing is started any more.
};

// One of the streams that a run has at a time: an import after the other. In an
// open loop the next one starts as soon as the last row of the one before is
// sent, so that no row waits for a summary; more than two are never under way.
// Any thread.
class StreamSlot {
 public:
  // `shared` outlives it, and it everything that is under way.
  StreamSlot(SharedLoad& shared, int number);

  // Goes on with what is under way, or starts the next import if it is time.
  void Poke();
  // Cancels what is under way.
  void GiveUp();
  bool idle() const;

 private:
  friend class RunningImport;

  void OnAllSent(const RunningImport* import);
  void OnEnd(const RunningImport* import, bool failed, absl::Duration retry_delay);

  std::shared_ptr<RunningImport> MakeNext();
  LoadImport::Place PlaceOfNext(std::int64_t rows_max);
  void LetDrain();

  SharedLoad& shared_;
  const int number_;
  const std::unique_ptr<RowFeed> feed_;
  StreamArrivals* const arrivals_;  // Is feed_, or null.

  mutable std::mutex mutex_;
  // Guarded by mutex_.
  std::shared_ptr<RunningImport> current_;
  std::shared_ptr<RunningImport> draining_;  // All is sent, not all is answered.
  std::int64_t sequence_ = 0;                // Imports started.
  int failures_ = 0;                         // In a row.
  std::int64_t not_before_ = 0;
  int ends_under_way_ = 0;  // Calls of OnEnd.
};

}  // namespace provisioning
