// SPDX-License-Identifier: Apache-2.0
#include "service/store/sqlite/account_editor.h"

#include <utility>

#include "service/model/error.h"
#include "service/store/revert_decision.h"

namespace provisioning {
namespace {

AuditRecord ClientEvent(AuditEvent event, const OrganizationId& organization_id,
                        const Uuid& client_id, const Caller& caller, absl::Time now) {
  return {.time = now,
          .organization_id = organization_id,
          .caller = caller,
          .event = event,
          .client_id = client_id};
}

AuditRecord RevertEvent(AuditEvent event, const ImportKey& key, const Caller& caller,
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

}  // namespace

absl::StatusOr<std::unique_ptr<AccountEditor>> AccountEditor::Prepare(
    const Connection& connection) {
  auto accounts = AccountTable::Prepare(connection);
  if (!accounts.ok()) return accounts.status();
  auto writer = AccountWriter::Prepare(connection);
  if (!writer.ok()) return writer.status();
  auto imports = ImportTable::Prepare(connection);
  if (!imports.ok()) return imports.status();
  auto audit = AuditTable::Prepare(connection);
  if (!audit.ok()) return audit.status();
  return std::unique_ptr<AccountEditor>(new AccountEditor(
      {*std::move(accounts), *std::move(writer), *std::move(imports), *std::move(audit)}));
}

AccountEditor::AccountEditor(Tables tables)
    : accounts_(std::move(tables.accounts)),
      writer_(std::move(tables.writer)),
      imports_(std::move(tables.imports)),
      audit_(std::move(tables.audit)) {}

absl::StatusOr<bool> AccountEditor::Activate(const Activation& activation) {
  const auto activated = writer_->Activate(activation);
  if (!activated.ok() || !*activated) return activated;
  absl::Status status =
      audit_->Add(ClientEvent(AuditEvent::kClientActivated, activation.organization_id,
                              activation.client_id, activation.caller, activation.now));
  if (!status.ok()) return status;
  return true;
}

absl::Status AccountEditor::RecordSignIn(const SignIn& sign_in) {
  const std::string& credential =
      sign_in.rehashed ? sign_in.rehashed->phc() : sign_in.expected_credential;
  return writer_->MarkUsed(sign_in.organization_id, sign_in.client_id, sign_in.expected_credential,
                           credential);
}

absl::StatusOr<ReissueAnswer> AccountEditor::ReissuePassword(const Reissue& reissue) {
  const auto account = accounts_->FindById(reissue.organization_id, reissue.client_id);
  if (!account.ok()) return account.status();
  if (!*account) return ReissueAnswer{ReissueVerdict::kNotFound};
  const bool pending = (*account)->pending;
  if (!pending && !reissue.reset_active) return ReissueAnswer{ReissueVerdict::kActive};
  if (reissue.import_id && !IsOf(**account, *reissue.import_id)) {
    return ReissueAnswer{ReissueVerdict::kPasswordReplaced};
  }
  std::optional<RowReference> set_by;
  if (reissue.import_id) set_by = (*account)->credential_set_by;
  absl::Status status = writer_->SetTemporaryPassword(
      reissue.organization_id, reissue.client_id,
      {reissue.credential, set_by, reissue.password_expires_at}, reissue.now);
  if (!status.ok()) return status;
  AuditRecord event =
      ClientEvent(pending ? AuditEvent::kPasswordReissued : AuditEvent::kPasswordReset,
                  reissue.organization_id, reissue.client_id, reissue.caller, reissue.now);
  event.import_id = reissue.import_id;
  status = audit_->Add(event);
  if (!status.ok()) return status;
  const auto& row = reissue.import_id ? set_by : (*account)->created_by;
  return ReissueAnswer{ReissueVerdict::kReissued, row ? row->row_number : 0};
}

absl::StatusOr<bool> AccountEditor::EraseClient(const OrganizationId& organization_id,
                                                const Uuid& client_id, const Caller& caller,
                                                absl::Time now) {
  const auto state = accounts_->StateOf(organization_id, client_id);
  if (!state.ok()) return state.status();
  if (!*state) return false;
  if (**state == StoredState::kErased) return true;
  absl::Status status = writer_->Erase(organization_id, client_id, now);
  if (status.ok()) {
    status = audit_->Add(
        ClientEvent(AuditEvent::kClientErased, organization_id, client_id, caller, now));
  }
  if (!status.ok()) return status;
  return true;
}

absl::StatusOr<ImportRecord> AccountEditor::FindImport(const ImportKey& key) {
  auto record = imports_->Get(key);
  if (!record.ok()) return record.status();
  if (!*record) {
    return MakeError(ErrorReason::kImportNotFound, "the organization has no such import");
  }
  return **std::move(record);
}

absl::Status AccountEditor::BeginRevert(const ImportKey& key, const Caller& caller,
                                        absl::Time now) {
  auto record = FindImport(key);
  if (!record.ok()) return record.status();
  ++record->stream_count;  // The epoch: what streams still send is refused.
  record->state = ImportState::kReverting;
  record->update_time = now;
  absl::Status status = imports_->Put(*record);
  if (!status.ok()) return status;
  return audit_->Add(RevertEvent(AuditEvent::kRevertBegun, key, caller, now));
}

absl::StatusOr<RevertAnswer> AccountEditor::RevertClients(const ImportKey& key,
                                                          std::int64_t after_row, int clients_max,
                                                          const Caller& caller, absl::Time now) {
  auto record = FindImport(key);
  if (!record.ok()) return record.status();
  // Its streams would go on beside it.
  if (record->state != ImportState::kReverting && record->state != ImportState::kReverted) {
    return MakeError(ErrorReason::kImportNotFound, "no revert of this import has begun");
  }
  const auto accounts = accounts_->ListCreatedBy(key, after_row, clients_max);
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
    absl::Status status = writer_->Erase(key.organization_id, account.client_id, now);
    if (!status.ok()) return status;
    ++answer.removed;
  }
  answer.done = accounts->size() < static_cast<std::size_t>(clients_max);

  record->reverted_clients += answer.removed;
  record->update_time = now;
  if (answer.done) record->state = ImportState::kReverted;
  absl::Status status = imports_->Put(*record);
  if (status.ok() && answer.removed > 0) {
    status =
        audit_->Add(RevertEvent(AuditEvent::kClientsReverted, key, caller, now, answer.removed));
  }
  if (status.ok() && answer.done) {
    status = audit_->Add(
        RevertEvent(AuditEvent::kRevertEnded, key, caller, now, record->reverted_clients));
  }
  if (!status.ok()) return status;
  return answer;
}

}  // namespace provisioning
