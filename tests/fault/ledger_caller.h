// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <random>
#include <string>

#include "grpcpp/support/status.h"
#include "tests/fault/import_plan.h"
#include "tests/fault/ledger.h"

namespace provisioning {

// Carries one plan to its end, through any number of broken connections, as the
// contract says a caller does: same import_id, next attempt, from the first row
// without a result. Now and then it breaks off by itself and forgets the message
// that it has just got, as a caller does who dies before writing it down.
class LedgerCaller {
 public:
  struct Options {
    std::function<std::string()> address;  // Of the next attempt's server.
    // A stream may break with UNAVAILABLE and with nothing else, and says then how
    // far the import is settled, if it had started.
    bool servers_live = false;
    std::uint64_t seed = 0;
  };
  // `stop`: give up.
  LedgerCaller(const ImportPlan& plan, std::string ledger_path, const Options& options,
               const std::atomic<bool>& stop);

  // Nothing: the import is complete, or it was told to stop. Otherwise what the
  // server did that it may not: a final status, or results out of order.
  std::optional<std::string> Run();

  bool complete() const { return complete_; }
  const Ledger& ledger() const { return ledger_; }
  int attempts() const { return attempts_; }
  int forgotten_messages() const { return forgotten_messages_; }
  int broken_streams() const { return broken_streams_; }

 private:
  std::optional<std::string> RunOnce();
  // What is wrong with the end of a stream that it did not break itself.
  std::optional<std::string> JudgeEnd(bool started, const grpc::Status& status);
  std::optional<std::string> Take(const v1::ImportResults& message);

  const ImportPlan& plan_;
  Ledger ledger_;
  const Options options_;
  const std::atomic<bool>& stop_;
  std::mt19937_64 random_;
  bool complete_ = false;
  int attempts_ = 0;
  int forgotten_messages_ = 0;
  int broken_streams_ = 0;
};

}  // namespace provisioning
