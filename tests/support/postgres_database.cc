// SPDX-License-Identifier: Apache-2.0
#include "tests/support/postgres_database.h"

#include <cstdlib>

#include "service/store/postgres/schema.h"
#include "tests/support/postgres_session.h"
#include "tests/support/require.h"

namespace provisioning {

std::string NewMigratedDatabase(PostgresServer& server) {
  const std::string url = server.NewDatabase();
  auto connection = SqlConnection::Open(url, absl::Seconds(10));
  Require(connection.ok(), connection.status().ToString().c_str());
  const absl::Status migrated = MigratePostgres(*connection);
  Require(migrated.ok(), migrated.ToString().c_str());
  return url;
}

std::string NewTestDatabase() {
  if (const char* url = std::getenv("POSTGRES_URL")) {
    PostgresSession(url).Execute("TRUNCATE client, import_effect, import, audit, failure");
    return url;
  }
  static PostgresServer server;
  return NewMigratedDatabase(server);
}

std::unique_ptr<PostgresIdentityStore> OpenPostgres(const PostgresOptions& options) {
  auto store = PostgresIdentityStore::Open(options);
  Require(store.ok(), store.status().ToString().c_str());
  return *std::move(store);
}

}  // namespace provisioning
