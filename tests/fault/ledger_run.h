// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "tests/fault/import_plan.h"
#include "tests/fault/ledger_caller.h"
#include "tests/fault/store_audit.h"
#include "tests/support/server_process.h"
#include "tests/support/temp_folder.h"

namespace provisioning {

// SEED of the environment, else a random one; printed once.
std::uint64_t FaultSeed();
// COUNT of the environment.
int FaultCount(int otherwise);

// Servers to which something happens again and again, and callers that import on
// them and do not mind; at the end, what the callers were told is held against
// what must be and against what is in the store.
class LedgerRun {
 public:
  struct Options {
    // The program and its first arguments; --listen and --store are put behind.
    std::vector<std::string> command;
    std::string store;
    int servers = 1;  // All on this store; a caller's next attempt may go to any.
    // Looks into the store, when no server runs any more.
    std::function<StoreAudit()> audit;
    // Nobody kills a server: streams break with UNAVAILABLE and nothing else.
    bool servers_live = false;
    std::uint64_t seed = 0;
  };

  explicit LedgerRun(const Options& options);
  ~LedgerRun();

  // So often: waits for a random while, and does `fault`. Ends earlier with the
  // first thing that is wrong.
  void Run(int faults, const std::function<void()>& fault);

  // For `fault`. Kills that server, and starts it anew at the same address.
  void KillServer(std::size_t index = 0);
  // The same by SIGTERM, as a roll-out does it: it has to drain, and to exit with 0.
  void RollServer(std::size_t index);
  std::uint64_t Random();
  void Find(std::string finding);
  // Something was found.
  bool gives_up() const { return give_up_; }

  // Of the first server's memory, between the beginning and the end of the callers;
  // of one that was killed it says nothing.
  std::int64_t growth_bytes() const { return growth_bytes_; }
  // From SIGTERM to the process's end, at most.
  absl::Duration slowest_drain() const { return slowest_drain_; }
  const std::vector<std::string>& findings() const { return findings_; }
  std::string Report() const;

 private:
  // One import that ran, for the audit.
  struct DoneImport {
    PlanKind kind;
    ImportPlan plan;
    std::vector<v1::RowResult> results;
  };

  void StartServer(std::size_t index, const std::string& listen);
  void StartServerAgain(std::size_t index);
  std::string Address();
  void Import(PlanKind kind);
  void ImportRepeatedly(PlanKind kind);
  void Audit();
  std::vector<DoneImport>::reverse_iterator LastOf(PlanKind kind);
  void AuditOutcomes(const DoneImport& done);
  void AuditUpdates(const std::map<std::string, std::string>& last_names);
  void AuditPasswords(const DoneImport& done,
                      const std::map<std::string, std::string>& credentials);

  const Options options_;
  TempFolder folder_;
  std::vector<std::unique_ptr<ServerProcess>> servers_;
  std::atomic<bool> faults_done_ = false;
  std::atomic<bool> give_up_ = false;
  int faults_ = 0;
  int broken_streams_ = 0;
  int forgotten_messages_ = 0;
  std::int64_t growth_bytes_ = 0;
  absl::Duration slowest_drain_;
  std::int64_t rows_ = 0;
  std::int64_t replayed_ = 0;
  int passwords_verified_ = 0;
  absl::Time started_ = absl::Now();

  std::mutex mutex_;
  std::mt19937_64 random_;              // Guarded by mutex_.
  std::vector<std::string> addresses_;  // Guarded by mutex_.
  std::map<PlanKind, int> sequences_;   // Guarded by mutex_.
  std::vector<DoneImport> done_;        // Guarded by mutex_.
  std::vector<std::string> findings_;   // Guarded by mutex_.
};

}  // namespace provisioning
