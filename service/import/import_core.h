// SPDX-License-Identifier: Apache-2.0
// The import: streams of rows become accounts. Knows neither gRPC nor SQL.
//
//   edge --StreamStart, ClientRows--> ImportStream (one strand each, on WorkerPool)
//        rules -> CredentialStage (look-up, HashingPool) -> batch -> IdentityStore
//   edge <--RowResults-- ImportStream <------------------------ BatchAnswer
//
// Each arrow is bounded: see ImportCoreOptions.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <thread>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "service/credential/credential_factory.h"
#include "service/credential/hashing_pool.h"
#include "service/import/import_observer.h"
#include "service/import/import_sink.h"
#include "service/import/import_stream.h"
#include "service/import/worker_pool.h"
#include "service/model/clock.h"
#include "service/model/limits.h"
#include "service/rules/row_rules.h"
#include "service/store/identity_store.h"

namespace provisioning {

struct ImportCoreOptions {
  // `start` may ask for no shorter one.
  absl::Duration temporary_password_ttl_min = limits::temporary_password_ttl_min;
  // Bytes of rows (their cells, and 300 for each row) that a stream may have
  // under way, from received to sent, before it is not read from. Never stops a
  // stream that has less than the floor.
  std::int64_t stream_bytes_max = 32 << 20;
  std::int64_t stream_bytes_floor = 128 << 10;
  // The same for all streams together: above it, each has only its floor.
  std::int64_t all_streams_bytes_max = 64 << 20;
  // Rows of one stream in one commit: as large as the stream's bytes allow for,
  // since the store makes way for others in the middle of one. Every commit
  // writes each page that it touches, so that larger ones write less.
  int commit_rows_max = 49'152;
  // Rows of one stream that are with the hashing pool.
  int hashing_rows_max = 64;
  // validate_only: rows that are remembered to find duplicates.
  std::int64_t validated_stream_rows_max = limits::validated_duplicate_rows_max;
  std::int64_t validated_all_streams_rows_max = 2 * limits::validated_duplicate_rows_max;
  // A stream that waits for its caller, and owes it nothing, for so many ticks ends
  // kStreamIdle; 0: never. Ticks, since clocks jump.
  int idle_ticks_max = 0;
  // How often streams report progress; zero: only when Tick() is called.
  absl::Duration progress_interval = absl::Milliseconds(500);
};

// What the core works with; all of it outlives the core.
struct ImportCoreDependencies {
  IdentityStore& store;
  const RowRules& rules;
  const CredentialFactory& factory;
  HashingPool& hashing_pool;
  WorkerPool& workers;
  const Clock& clock;
  ImportObserver& observer = ImportObserver::None();
};

// All streams of this server. Any thread.
class ImportCore {
 public:
  ImportCore(const ImportCoreDependencies& dependencies, const ImportCoreOptions& options);
  // Every stream has finished before.
  ~ImportCore();

  // A stream whose answers go to `sink`, which lives until its OnFinished.
  std::shared_ptr<ImportStream> NewStream(ImportSink& sink);

  // Every stream, present and future, ends kDraining: what is ready is committed
  // and answered before, what is not is dropped.
  void Drain();

  // Every stream reports progress.
  void Tick();

  // A revert has taken the import: a stream of this server that works at it ends
  // now instead of at its next commit.
  void Reverted(const ImportKey& key);

  int stream_count() const;
  // Of all streams, as they were at their last Tick or later.
  RowsWaiting rows_waiting() const;
  std::int64_t bytes_under_way() const { return bytes_under_way_; }
  bool draining() const;

  // For ImportStream.
  const ImportCoreDependencies& dependencies() const { return dependencies_; }
  const ImportCoreOptions& options() const { return options_; }
  std::atomic<std::int64_t>& bytes_under_way() { return bytes_under_way_; }
  std::atomic<std::int64_t>& validated_rows_remembered() { return validated_rows_remembered_; }
  // A stream of this server has claimed an import: another one of it with an
  // older epoch ends now instead of at its next commit.
  void Claimed(const ImportKey& key, std::int64_t epoch, ImportStream& stream);
  void Finished(ImportStream& stream);
  // A stream that had so many rows waiting has so many now.
  void WaitingChanged(const RowsWaiting& before, const RowsWaiting& now);

 private:
  struct Holder {
    std::int64_t epoch;
    std::weak_ptr<ImportStream> stream;
  };

  void TickForEver();

  const ImportCoreDependencies dependencies_;
  const ImportCoreOptions options_;
  std::atomic<std::int64_t> bytes_under_way_ = 0;
  std::atomic<std::int64_t> validated_rows_remembered_ = 0;
  struct {
    std::atomic<std::int64_t> checking = 0;
    std::atomic<std::int64_t> look_up = 0;
    std::atomic<std::int64_t> hashing = 0;
    std::atomic<std::int64_t> commit = 0;
    std::atomic<std::int64_t> sending = 0;
  } rows_waiting_;

  mutable std::mutex mutex_;
  std::set<std::weak_ptr<ImportStream>, std::owner_less<>> streams_;  // Guarded by mutex_.
  absl::flat_hash_map<ImportKey, Holder> holders_;                    // Guarded by mutex_.
  bool draining_ = false;                                             // Guarded by mutex_.
  bool stopping_ = false;                                             // Guarded by mutex_.
  std::condition_variable stop_;
  std::thread ticker_;
};

}  // namespace provisioning
