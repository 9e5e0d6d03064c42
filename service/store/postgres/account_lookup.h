// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "service/store/identity_store.h"
#include "service/store/postgres/sql_connection.h"
#include "service/store/postgres/sql_result.h"
#include "service/store/postgres/sql_value.h"

namespace provisioning {

// The organization's accounts with these addresses, in any order. With an import,
// AccountFacts::changed_by_row is filled in. `locks`: nobody else changes them
// before the transaction's end.
SqlStatement FindByEmail(const OrganizationId& organization_id, const SqlArray& email_addresses,
                         const std::optional<Uuid>& import_id, bool locks);
// A row of what it gives.
AccountFacts ReadFound(const SqlResult& result, int row);

}  // namespace provisioning
