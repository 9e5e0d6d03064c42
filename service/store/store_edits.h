// SPDX-License-Identifier: Apache-2.0
// The work of the methods of IdentityStore with the same names, each with its
// line in the audit, inside a transaction of the caller.
//
// kTakenOver, kOptionsDiffer, kStoreBehind, kImportReverted and kImportNotFound
// are answers: nothing was written and the transaction may go on. After any other
// error it must be rolled back.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/store/identity_store.h"
#include "service/store/store_transaction.h"

namespace provisioning::store_edits {

absl::StatusOr<ClaimedImport> ClaimImport(StoreTransaction& store, const ImportClaim& claim);

absl::Status RecordLocked(StoreTransaction& store, const OrganizationId& organization_id,
                          const Uuid& client_id, const Caller& caller, absl::Time now);
absl::StatusOr<bool> Activate(StoreTransaction& store, const Activation& activation);
absl::Status RecordSignIn(StoreTransaction& store, const SignIn& sign_in);
absl::StatusOr<ReissueAnswer> ReissuePassword(StoreTransaction& store, const Reissue& reissue);
absl::StatusOr<bool> EraseClient(StoreTransaction& store, const OrganizationId& organization_id,
                                 const Uuid& client_id, const Caller& caller, absl::Time now);

absl::Status BeginRevert(StoreTransaction& store, const ImportKey& key, const Caller& caller,
                         absl::Time now);
absl::StatusOr<RevertAnswer> RevertClients(StoreTransaction& store, const ImportKey& key,
                                           std::int64_t after_row, int clients_max,
                                           const Caller& caller, absl::Time now);

}  // namespace provisioning::store_edits
