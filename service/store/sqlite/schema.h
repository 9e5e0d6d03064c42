// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "service/store/sqlite/connection.h"

namespace provisioning {

// Stands in the header of every database of ours: "Clpr".
inline constexpr std::int64_t application_id = 0x436c7072;

// Fills a new, empty database and puts it in WAL mode.
absl::Status CreateSchema(Connection& connection);

// Refuses a schema that is newer than this program's. Writes nothing.
absl::Status CheckSchemaVersion(Connection& connection);

// Applies the migrations that are missing, in one transaction.
absl::Status MigrateSchema(Connection& connection);

}  // namespace provisioning
