// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/store/identity_store.h"
#include "service/store/row_decision.h"
#include "service/store/sqlite/connection.h"
#include "service/store/sqlite/statement.h"

namespace provisioning {

// Reads the tables `client` and `import_effect` over one connection, which
// outlives it. One thread at a time.
class AccountTable {
 public:
  static absl::StatusOr<std::unique_ptr<AccountTable>> Prepare(const Connection& connection);

  absl::StatusOr<bool> HasAny(const OrganizationId& organization_id);
  // With `import_id`, AccountFacts::changed_by_row is filled in.
  absl::StatusOr<std::optional<AccountFacts>> FindByEmail(const OrganizationId& organization_id,
                                                          std::string_view email_address,
                                                          const std::optional<Uuid>& import_id);
  absl::StatusOr<std::optional<AccountFacts>> FindCreatedBy(const ImportKey& key,
                                                            std::int64_t row_number);
  // Nothing also if the account has gone since.
  absl::StatusOr<std::optional<RowEffect>> FindEffectOf(const ImportKey& key,
                                                        std::int64_t row_number);

  absl::StatusOr<std::optional<ClientRecord>> Get(const OrganizationId& organization_id,
                                                  const Uuid& client_id);
  absl::StatusOr<std::optional<ClientRecord>> GetByEmail(const OrganizationId& organization_id,
                                                         std::string_view email_address);
  absl::StatusOr<Page<ClientRecord, Uuid>> List(const OrganizationId& organization_id,
                                                const ClientFilter& filter,
                                                const std::optional<Uuid>& after, int page_size);

 private:
  struct Statements {
    Statement any, by_email, by_id, by_creation, effect, changed_by, list;
  };
  explicit AccountTable(Statements statements) : statements_(std::move(statements)) {}

  Statements statements_;
};

// Writes them, inside a transaction of the caller.
class AccountWriter {
 public:
  static absl::StatusOr<std::unique_ptr<AccountWriter>> Prepare(const Connection& connection);

  // False: the organization has this address already; nothing was written.
  absl::StatusOr<bool> Insert(const ImportBatch& batch, const PreparedRow& row,
                              const Uuid& client_id);
  absl::Status UpdateProfile(const ImportBatch& batch, const Uuid& client_id,
                             const ClientProfile& profile);
  // Replaces the credential by the row's; from now on this row has set it.
  absl::Status SetCredential(const ImportBatch& batch, const PreparedRow& row,
                             const Uuid& client_id);
  absl::Status InsertEffect(const ImportBatch& batch, const PreparedRow& row,
                            const RowAnswer& answer);

 private:
  struct Statements {
    Statement insert, update_profile, set_credential, insert_effect;
  };
  AccountWriter(sqlite3* handle, Statements statements)
      : handle_(handle), statements_(std::move(statements)) {}

  sqlite3* const handle_;
  Statements statements_;
};

}  // namespace provisioning
