// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "service/store/postgres/postgres_identity_store.h"
#include "tests/support/postgres_server.h"

namespace provisioning {

// The URL of a new database with the schema.
std::string NewMigratedDatabase(PostgresServer& server);

// An empty database with the schema: of a server of this program, or, if the
// environment has POSTGRES_URL, that one, whose clients and imports are removed.
std::string NewTestDatabase();

// For tests: opened, or the test ends.
std::unique_ptr<PostgresIdentityStore> OpenPostgres(const PostgresOptions& options);

}  // namespace provisioning
