// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/store/identity_store.h"
#include "service/store/sqlite/account_table.h"
#include "service/store/sqlite/account_writer.h"
#include "service/store/sqlite/audit_table.h"
#include "service/store/sqlite/connection.h"
#include "service/store/sqlite/import_table.h"

namespace provisioning {

// Does the work of the methods of IdentityStore with the same names, each with
// its line in the audit, inside the caller's transaction and over one connection,
// which outlives it. One thread at a time.
//
// kImportNotFound is an answer: nothing was written and the transaction may go
// on. After any other error it must be rolled back.
class AccountEditor {
 public:
  static absl::StatusOr<std::unique_ptr<AccountEditor>> Prepare(const Connection& connection);

  absl::Status AddAudit(const AuditRecord& record) { return audit_->Add(record); }
  absl::StatusOr<bool> Activate(const Activation& activation);
  absl::Status RecordSignIn(const SignIn& sign_in);
  absl::StatusOr<ReissueAnswer> ReissuePassword(const Reissue& reissue);
  absl::StatusOr<bool> EraseClient(const OrganizationId& organization_id, const Uuid& client_id,
                                   const Caller& caller, absl::Time now);
  absl::Status BeginRevert(const ImportKey& key, const Caller& caller, absl::Time now);
  absl::StatusOr<RevertAnswer> RevertClients(const ImportKey& key, std::int64_t after_row,
                                             int clients_max, const Caller& caller, absl::Time now);

 private:
  struct Tables {
    std::unique_ptr<AccountTable> accounts;
    std::unique_ptr<AccountWriter> writer;
    std::unique_ptr<ImportTable> imports;
    std::unique_ptr<AuditTable> audit;
  };
  explicit AccountEditor(Tables tables);

  absl::StatusOr<ImportRecord> FindImport(const ImportKey& key);

  const std::unique_ptr<AccountTable> accounts_;
  const std::unique_ptr<AccountWriter> writer_;
  const std::unique_ptr<ImportTable> imports_;
  const std::unique_ptr<AuditTable> audit_;
};

}  // namespace provisioning
