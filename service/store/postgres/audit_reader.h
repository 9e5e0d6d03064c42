// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "service/store/identity_store.h"
#include "service/store/postgres/transaction_runner.h"

namespace provisioning {

// A page of the audit, as IdentityStore::ListAudit. Waits for transactions that
// write to it: a number that comes later is then a later record, and who goes on
// from the last one misses nothing. That takes more than the server's role has to
// have: LOCK TABLE in SHARE mode needs the right to change the table.
absl::StatusOr<Page<AuditRecord, std::int64_t>> ReadAuditPage(const TransactionRunner& runner,
                                                              std::int64_t after, int page_size);

}  // namespace provisioning
