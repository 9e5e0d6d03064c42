// SPDX-License-Identifier: Apache-2.0
#include "service/store/store_edits.h"

#include <utility>

#include "service/model/error.h"
#include "service/store/claim_arbiter.h"
#include "service/store/revert_decision.h"

namespace provisioning::store_edits {
namespace {

AuditRecord ClientEvent(AuditEvent event, const OrganizationId& organization_id,
                        const Uuid& client_id, const Caller& caller, absl::Time now) {
  return {.time = now,
          .organization_id = organization_id,
          .caller = caller,
          .event = event,
          .client_id = client_id};
}

AuditRecord ImportEvent(AuditEvent event, const ImportKey& key, const Caller& caller,
                        absl::Time now, std::int64_t clients = 0) {
  return {.time = now,
          .organization_id = key.organization_id,
          .caller = caller,
          .event = event,
          .import_id = key.import_id,
          .clients = clients};
}

// Who gets a new password anew for an import must still have one of its own.
bool IsOf(const AccountFacts& account, const Uuid& import_id) {
  return account.credential_set_by && account.credential_set_by->import_id == import_id;
}

absl::StatusOr<ImportRecord> FindImport(StoreTransaction& store, const ImportKey& key) {
  auto record = store.FindImport(key);
  if (!record.ok()) return record.status();
  if (!*record) {
    return MakeError(ErrorReason::kImportNotFound, "the organization has no such import");
  }
  return **std::move(record);
}

}  // namespace

absl::StatusOr<ClaimedImport> ClaimImport(StoreTransaction& store, const ImportClaim& claim) {
  const auto existing = store.FindImport(claim.key);
  if (!existing.ok()) return existing.status();
  const auto record = DecideClaim(claim, *existing);
  if (!record.ok()) return record.status();
  absl::Status status = store.PutImport(*record);
  if (status.ok()) {
    status =
        store.AddAudit(ImportEvent(AuditEvent::kImportClaimed, claim.key, claim.caller, claim.now));
  }
  if (!status.ok()) return status;
  return ClaimedImport{record->stream_count, record->settled_through_row,
                       record->state == ImportState::kComplete};
}

absl::Status RecordLocked(StoreTransaction& store, const OrganizationId& organization_id,
                          const Uuid& client_id, const Caller& caller, absl::Time now) {
  return store.AddAudit(
      ClientEvent(AuditEvent::kClientLocked, organization_id, client_id, caller, now));
}

absl::StatusOr<bool> Activate(StoreTransaction& store, const Activation& activation) {
  const auto activated = store.Activate(activation);
  if (!activated.ok() || !*activated) return activated;
  absl::Status status =
      store.AddAudit(ClientEvent(AuditEvent::kClientActivated, activation.organization_id,
                                 activation.client_id, activation.caller, activation.now));
  if (!status.ok()) return status;
  return true;
}

absl::Status RecordSignIn(StoreTransaction& store, const SignIn& sign_in) {
  const std::string& credential =
      sign_in.rehashed ? sign_in.rehashed->phc() : sign_in.expected_credential;
  return store.MarkUsed(sign_in.organization_id, sign_in.client_id, sign_in.expected_credential,
                        credential);
}

absl::StatusOr<ReissueAnswer> ReissuePassword(StoreTransaction& store, const Reissue& reissue) {
  const auto found = store.FindClient(reissue.organization_id, reissue.client_id);
  if (!found.ok()) return found.status();
  if (!*found) return ReissueAnswer{ReissueVerdict::kNotFound};
  const AccountFacts& account = **found;
  if (!account.pending && !reissue.reset_active) return ReissueAnswer{ReissueVerdict::kActive};
  if (reissue.import_id && !IsOf(account, *reissue.import_id)) {
    return ReissueAnswer{ReissueVerdict::kPasswordReplaced};
  }
  const std::optional<RowReference> set_by =
      reissue.import_id ? account.credential_set_by : std::nullopt;
  absl::Status status = store.SetTemporaryPassword(
      reissue.organization_id, reissue.client_id,
      {reissue.credential, set_by, reissue.password_expires_at}, reissue.now);
  if (!status.ok()) return status;
  AuditRecord event =
      ClientEvent(account.pending ? AuditEvent::kPasswordReissued : AuditEvent::kPasswordReset,
                  reissue.organization_id, reissue.client_id, reissue.caller, reissue.now);
  event.import_id = reissue.import_id;
  status = store.AddAudit(event);
  if (!status.ok()) return status;
  const std::optional<RowReference>& row = reissue.import_id ? set_by : account.created_by;
  return ReissueAnswer{ReissueVerdict::kReissued, row ? row->row_number : 0};
}

absl::StatusOr<bool> EraseClient(StoreTransaction& store, const OrganizationId& organization_id,
                                 const Uuid& client_id, const Caller& caller, absl::Time now) {
  const auto account = store.FindClient(organization_id, client_id);
  if (!account.ok()) return account.status();
  if (!*account) return store.IsErased(organization_id, client_id);
  absl::Status status = store.Erase(organization_id, client_id, now);
  if (status.ok()) {
    status = store.AddAudit(
        ClientEvent(AuditEvent::kClientErased, organization_id, client_id, caller, now));
  }
  if (!status.ok()) return status;
  return true;
}

absl::Status BeginRevert(StoreTransaction& store, const ImportKey& key, const Caller& caller,
                         absl::Time now) {
  auto record = FindImport(store, key);
  if (!record.ok()) return record.status();
  ++record->stream_count;  // The epoch: what streams still send is refused.
  record->state = ImportState::kReverting;
  record->update_time = now;
  absl::Status status = store.PutImport(*record);
  if (!status.ok()) return status;
  return store.AddAudit(ImportEvent(AuditEvent::kRevertBegun, key, caller, now));
}

absl::StatusOr<RevertAnswer> RevertClients(StoreTransaction& store, const ImportKey& key,
                                           std::int64_t after_row, int clients_max,
                                           const Caller& caller, absl::Time now) {
  auto record = FindImport(store, key);
  if (!record.ok()) return record.status();
  // Its streams would go on beside it.
  if (record->state != ImportState::kReverting && record->state != ImportState::kReverted) {
    return MakeError(ErrorReason::kImportNotFound, "no revert of this import has begun");
  }
  const auto accounts = store.ListCreatedBy(key, after_row, clients_max);
  if (!accounts.ok()) return accounts.status();

  RevertAnswer answer;
  answer.through_row = after_row;
  for (const AccountFacts& account : *accounts) {
    answer.through_row = account.created_by->row_number;
    if (const auto reason = ReasonToKeep(account)) {
      answer.kept.push_back(
          {answer.through_row, account.client_id, account.email_address, *reason});
      continue;
    }
    absl::Status status = store.Erase(key.organization_id, account.client_id, now);
    if (!status.ok()) return status;
    ++answer.removed;
  }
  answer.done = accounts->size() < static_cast<std::size_t>(clients_max);

  record->reverted_clients += answer.removed;
  record->update_time = now;
  if (answer.done) record->state = ImportState::kReverted;
  absl::Status status = store.PutImport(*record);
  if (status.ok() && answer.removed > 0) {
    status =
        store.AddAudit(ImportEvent(AuditEvent::kClientsReverted, key, caller, now, answer.removed));
  }
  if (status.ok() && answer.done) {
    status = store.AddAudit(
        ImportEvent(AuditEvent::kRevertEnded, key, caller, now, record->reverted_clients));
  }
  if (!status.ok()) return status;
  return answer;
}

}  // namespace provisioning::store_edits
