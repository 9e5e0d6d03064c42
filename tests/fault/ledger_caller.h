// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <random>
#include <string>

#include "tests/fault/import_plan.h"
#include "tests/fault/ledger.h"

namespace provisioning {

// Carries one plan to its end, through any number of broken connections, as the
// contract says a caller does: same import_id, next attempt, from the first row
// without a result. Now and then it breaks off by itself and forgets the message
// that it has just got, as a caller does who dies before writing it down.
class LedgerCaller {
 public:
  // `address` may change while it runs. `stop`: give up.
  LedgerCaller(const ImportPlan& plan, std::string ledger_path,
               std::function<std::string()> address, const std::atomic<bool>& stop,
               std::uint64_t seed);

  // Nothing: the import is complete, or it was told to stop. Otherwise what the
  // server did that it may not: a final status, or results out of order.
  std::optional<std::string> Run();

  bool complete() const { return complete_; }
  const Ledger& ledger() const { return ledger_; }
  int attempts() const { return attempts_; }
  int forgotten_messages() const { return forgotten_messages_; }

 private:
  std::optional<std::string> RunOnce();
  std::optional<std::string> Take(const v1::ImportResults& message);

  const ImportPlan& plan_;
  Ledger ledger_;
  const std::function<std::string()> address_;
  const std::atomic<bool>& stop_;
  std::mt19937_64 random_;
  bool complete_ = false;
  int attempts_ = 0;
  int forgotten_messages_ = 0;
};

}  // namespace provisioning
