// SPDX-License-Identifier: Apache-2.0
#include "service/store/sqlite/reader_pool.h"

#include <utility>

namespace provisioning {
namespace {

absl::StatusOr<std::unique_ptr<ReaderPool::Reader>> OpenReader(const std::string& path,
                                                               const std::string& vfs_name,
                                                               int cache_kib) {
  auto connection = Connection::Open(path, Connection::Mode::kReadOnly, vfs_name);
  if (!connection.ok()) return connection.status();
  // Negative: in KiB.
  absl::Status status = connection->SetPragma("cache_size", std::to_string(-cache_kib));
  if (!status.ok()) return status;
  auto accounts = AccountTable::Prepare(*connection);
  if (!accounts.ok()) return accounts.status();
  auto imports = ImportTable::Prepare(*connection);
  if (!imports.ok()) return imports.status();
  auto audit = AuditTable::Prepare(*connection);
  if (!audit.ok()) return audit.status();
  return std::make_unique<ReaderPool::Reader>(ReaderPool::Reader{
      *std::move(connection), *std::move(accounts), *std::move(imports), *std::move(audit)});
}

}  // namespace

absl::StatusOr<std::unique_ptr<ReaderPool>> ReaderPool::Open(const std::string& path,
                                                             const std::string& vfs_name, int count,
                                                             int cache_kib, StoreHealth& health) {
  std::unique_ptr<ReaderPool> pool(new ReaderPool(health));
  for (int i = 0; i < count; ++i) {
    auto reader = OpenReader(path, vfs_name, cache_kib);
    if (!reader.ok()) return reader.status();
    pool->Return(*std::move(reader));
  }
  return pool;
}

std::unique_ptr<ReaderPool::Reader> ReaderPool::Take() {
  std::unique_lock lock(mutex_);
  returned_.wait(lock, [this] { return !free_.empty(); });
  std::unique_ptr<Reader> reader = std::move(free_.back());
  free_.pop_back();
  return reader;
}

void ReaderPool::Return(std::unique_ptr<Reader> reader) {
  {
    std::lock_guard lock(mutex_);
    free_.push_back(std::move(reader));
  }
  returned_.notify_one();
}

absl::Status ReaderPool::Noted(absl::Status error) const {
  health_.Note(error);
  return error;
}

}  // namespace provisioning
