// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "service/store/sqlite/account_table.h"
#include "service/store/sqlite/account_writer.h"
#include "service/store/sqlite/audit_table.h"
#include "service/store/sqlite/connection.h"
#include "service/store/sqlite/import_table.h"
#include "service/store/store_transaction.h"

namespace provisioning {

// The tables, to write with, whatever transaction the connection is in. For the
// thread of the connection.
class SqliteTransaction final : public StoreTransaction {
 public:
  // `connection` outlives it.
  static absl::StatusOr<std::unique_ptr<SqliteTransaction>> Prepare(const Connection& connection);

  // What a batch does row by row.
  AccountTable& accounts() { return *tables_.accounts; }
  AccountWriter& writer() { return *tables_.writer; }

  absl::StatusOr<std::optional<ImportRecord>> FindImport(const ImportKey& key) override {
    return tables_.imports->Get(key);
  }
  absl::Status PutImport(const ImportRecord& record) override {
    return tables_.imports->Put(record);
  }
  absl::Status AddAudit(const AuditRecord& record) override { return tables_.audit->Add(record); }
  absl::StatusOr<std::optional<AccountFacts>> FindClient(const OrganizationId& organization_id,
                                                         const Uuid& client_id) override {
    return tables_.accounts->FindById(organization_id, client_id);
  }
  absl::StatusOr<bool> IsErased(const OrganizationId& organization_id,
                                const Uuid& client_id) override;
  absl::StatusOr<std::vector<AccountFacts>> ListCreatedBy(const ImportKey& key,
                                                          std::int64_t after_row,
                                                          int count_max) override {
    return tables_.accounts->ListCreatedBy(key, after_row, count_max);
  }
  absl::Status SetTemporaryPassword(const OrganizationId& organization_id, const Uuid& client_id,
                                    const TemporaryPassword& password, absl::Time now) override {
    return tables_.writer->SetTemporaryPassword(organization_id, client_id, password, now);
  }
  absl::StatusOr<bool> Activate(const Activation& activation) override {
    return tables_.writer->Activate(activation);
  }
  absl::Status MarkUsed(const OrganizationId& organization_id, const Uuid& client_id,
                        std::string_view expected_credential,
                        std::string_view credential) override {
    return tables_.writer->MarkUsed(organization_id, client_id, expected_credential, credential);
  }
  absl::Status Erase(const OrganizationId& organization_id, const Uuid& client_id,
                     absl::Time now) override {
    return tables_.writer->Erase(organization_id, client_id, now);
  }

 private:
  struct Tables {
    std::unique_ptr<AccountTable> accounts;
    std::unique_ptr<AccountWriter> writer;
    std::unique_ptr<ImportTable> imports;
    std::unique_ptr<AuditTable> audit;
  };
  explicit SqliteTransaction(Tables tables) : tables_(std::move(tables)) {}

  const Tables tables_;
};

}  // namespace provisioning
