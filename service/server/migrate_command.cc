// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "service/server/command.h"
#include "service/server/store_address.h"
#include "service/store/postgres/schema.h"
#include "spdlog/spdlog.h"

namespace provisioning {
namespace {

constexpr absl::Duration connect_timeout = absl::Seconds(10);

absl::Status Migrate(const StoreFlags& flags) {
  const auto address = ReadStoreAddress(flags);
  if (!address.ok()) return address.status();
  if (address->engine == StoreEngine::kSqlite) {
    spdlog::info("nothing to do: an embedded store is migrated by `provisiond serve`, as it opens");
    return absl::OkStatus();
  }
  auto connection = SqlConnection::Open(address->place, connect_timeout);
  if (!connection.ok()) return connection.status();
  const auto before = ReadStoreInfo(*connection);
  if (!before.ok()) return before.status();
  if (absl::Status status = MigratePostgres(*connection); !status.ok()) return status;
  const auto after = ReadStoreInfo(*connection);
  if (!after.ok()) return after.status();
  spdlog::info("the schema has version {}; it was {}", after->schema_version,
               before->schema_version);
  return absl::OkStatus();
}

int Run(const StoreFlags& flags) {
  const absl::Status status = Migrate(flags);
  if (status.ok()) return 0;
  spdlog::error("cannot migrate: {}", std::string(status.message()));
  return 1;
}

}  // namespace

void AddMigrateCommand(CLI::App& app, Command& chosen) {
  const auto flags = std::make_shared<StoreFlags>();
  CLI::App* migrate = app.add_subcommand(
      "migrate", "Bring the schema of a PostgreSQL database up to date; two at a time are safe");
  AddStoreFlags(*migrate, *flags);
  migrate->callback([flags, &chosen] { chosen = [flags] { return Run(*flags); }; });
}

}  // namespace provisioning
