// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/store/identity_store.h"
#include "service/store/sqlite/connection.h"
#include "service/store/sqlite/statement.h"
#include "service/store/store_transaction.h"

namespace provisioning {

// Writes the tables `client` and `import_effect`, inside a transaction of the
// caller. No row of `client` is deleted or changes its size (see
// migrations/0002_accounts.sql). One thread at a time.
class AccountWriter {
 public:
  static absl::StatusOr<std::unique_ptr<AccountWriter>> Prepare(const Connection& connection);

  // False: the organization has this address already; nothing was written.
  absl::StatusOr<bool> Insert(const ImportBatch& batch, const PreparedRow& row,
                              const Uuid& client_id);
  // Moves the account to a new row, and blanks the one where it was.
  absl::Status UpdateProfile(const OrganizationId& organization_id, const AccountFacts& account,
                             const ClientProfile& profile, absl::Time now);
  absl::Status InsertEffect(const ImportBatch& batch, const PreparedRow& row,
                            const RowAnswer& answer);

  // The account is pending.
  absl::Status SetTemporaryPassword(const OrganizationId& organization_id, const Uuid& client_id,
                                    const TemporaryPassword& password, absl::Time now);
  // The account is active and used. False: it is not pending with the expected
  // credential.
  absl::StatusOr<bool> Activate(const Activation& activation);
  // The account is used. `credential`: the one that it has from now on. Does
  // nothing if it has not the expected one.
  absl::Status MarkUsed(const OrganizationId& organization_id, const Uuid& client_id,
                        std::string_view expected_credential, std::string_view credential);
  // Overwrites all personal data and the credential where they stand.
  absl::Status Erase(const OrganizationId& organization_id, const Uuid& client_id, absl::Time now);

 private:
  struct Statements {
    Statement insert, copy, blank, place, set_temporary, activate, mark_used, erase, insert_effect;
  };
  AccountWriter(sqlite3* handle, Statements statements)
      : handle_(handle), statements_(std::move(statements)) {}

  // One row was changed by the last statement.
  bool ChangedOne() const;

  sqlite3* const handle_;
  Statements statements_;
  std::string padded_;  // A credential on its way, in memory that is reused.
};

}  // namespace provisioning
