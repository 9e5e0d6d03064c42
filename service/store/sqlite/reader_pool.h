// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/store/sqlite/account_table.h"
#include "service/store/sqlite/audit_table.h"
#include "service/store/sqlite/connection.h"
#include "service/store/sqlite/import_table.h"
#include "service/store/sqlite/store_health.h"

namespace provisioning {

// Connections that only read. Any thread.
class ReaderPool {
 public:
  // One of them, with what it can read. For one thread at a time.
  struct Reader {
    Connection connection;
    std::unique_ptr<AccountTable> accounts;
    std::unique_ptr<ImportTable> imports;
    std::unique_ptr<AuditTable> audit;
  };

  // `count` from 1; `health` outlives the pool.
  static absl::StatusOr<std::unique_ptr<ReaderPool>> Open(const std::string& path,
                                                          const std::string& vfs_name, int count,
                                                          int cache_kib, StoreHealth& health);

  // Runs `read` on one of the connections, waiting until one is free, inside one
  // read transaction: it sees one committed state.
  template <typename Result>
  absl::StatusOr<Result> Read(const std::function<absl::StatusOr<Result>(Reader&)>& read) {
    if (absl::Status broken = health_.Check(); !broken.ok()) return broken;
    Lease lease(*this);
    absl::Status begun = lease.reader().connection.Execute("BEGIN");
    if (!begun.ok()) return Noted(std::move(begun));
    absl::StatusOr<Result> result = read(lease.reader());
    absl::Status ended = lease.reader().connection.Execute("COMMIT");
    if (!result.ok()) return Noted(result.status());
    if (!ended.ok()) return Noted(std::move(ended));
    return result;
  }

 private:
  class Lease {
   public:
    explicit Lease(ReaderPool& pool) : pool_(pool), reader_(pool.Take()) {}
    ~Lease() { pool_.Return(std::move(reader_)); }
    Reader& reader() { return *reader_; }

   private:
    ReaderPool& pool_;
    std::unique_ptr<Reader> reader_;
  };

  explicit ReaderPool(StoreHealth& health) : health_(health) {}
  std::unique_ptr<Reader> Take();
  void Return(std::unique_ptr<Reader> reader);
  absl::Status Noted(absl::Status error) const;

  StoreHealth& health_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Reader>> free_;  // Guarded by mutex_.
};

}  // namespace provisioning
