// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "tests/load/load_options.h"
#include "tests/load/row_plan.h"

namespace provisioning {

// Some of the clients that an organization has got in this run, however many
// those are. Any thread.
class KnownClients {
 public:
  // Keeps one now and then.
  void Offer(std::int64_t import_index, std::int64_t person);
  // One that another import made; nothing if none is known.
  std::optional<std::int64_t> Pick(std::int64_t import_index, std::uint64_t bits);

 private:
  struct Client {
    std::int64_t import_index;
    std::int64_t person;
  };
  std::mutex mutex_;
  std::vector<Client> clients_;  // Guarded by mutex_.
  std::size_t next_ = 0;         // Guarded by mutex_: the one that gives way.
};

// Decides what the rows of one import are, in the shares that are wished for. A
// row that should repeat a client when there is none yet is a new one.
class RowPlanner {
 public:
  // `options` and `known` outlive it. `first_person`: of the import's own people,
  // one for each row.
  RowPlanner(const LoadOptions& options, KnownClients& known, std::int64_t import_index,
             std::int64_t first_person);

  // The next row; numbers rise from 1.
  RowPlan Next();
  std::int64_t planned() const { return planned_; }

 private:
  RowKind PickKind();
  std::uint64_t NextBits();

  const LoadOptions& options_;
  KnownClients& known_;
  const std::int64_t import_index_;
  const std::int64_t first_person_;
  const std::uint64_t seed_;
  std::uint64_t drawn_ = 0;
  std::int64_t planned_ = 0;
  std::vector<std::int64_t> new_rows_;  // Some of them, for duplicates.
};

}  // namespace provisioning
