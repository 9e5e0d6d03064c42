// SPDX-License-Identifier: Apache-2.0
#include "service/server/open_store.h"

#include <utility>

#include "service/store/postgres/postgres_identity_store.h"
#include "service/store/sqlite/sqlite_identity_store.h"
#include "spdlog/spdlog.h"

namespace provisioning {

absl::StatusOr<std::unique_ptr<IdentityStore>> OpenStore(const StoreAddress& address,
                                                         const OrganizationShares& shares,
                                                         std::function<void()> on_broken) {
  if (address.engine == StoreEngine::kPostgres) {
    PostgresOptions options;
    options.url = address.place;
    options.shares = shares;
    options.tell = [](const absl::Status& status) {
      if (status.ok()) return spdlog::info("the database is back");
      spdlog::error("{}", std::string(status.message()));
    };
    return PostgresIdentityStore::Open(options);
  }
  SqliteOptions options;
  options.path = address.place;
  options.shares = shares;
  options.on_broken = [on_broken = std::move(on_broken)](const absl::Status&) { on_broken(); };
  return SqliteIdentityStore::Open(options);
}

}  // namespace provisioning
