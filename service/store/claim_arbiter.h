// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/statusor.h"
#include "service/store/identity_store.h"

namespace provisioning {

// The import's record once `claim` holds it, or why it may not: the errors of
// IdentityStore::ClaimImport. `existing`: the record as it is. Pure.
absl::StatusOr<ImportRecord> DecideClaim(const ImportClaim& claim,
                                         const std::optional<ImportRecord>& existing);

}  // namespace provisioning
