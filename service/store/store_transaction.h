// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/store/identity_store.h"

namespace provisioning {

// A temporary password that takes the place of what an account has.
struct TemporaryPassword {
  const Credential& credential;
  std::optional<RowReference> set_by;  // The row that counts as having set it.
  absl::Time expires_at;
};

// The tables, inside one transaction of the caller, as the decisions need them
// that all engines share. What it finds nobody else changes before the
// transaction has ended. One thread at a time; after an error the transaction is
// to be rolled back.
class StoreTransaction {
 public:
  virtual ~StoreTransaction() = default;

  virtual absl::StatusOr<std::optional<ImportRecord>> FindImport(const ImportKey& key) = 0;
  // Writes the record, over the one that is there.
  virtual absl::Status PutImport(const ImportRecord& record) = 0;
  // Gives it its audit_id, whatever stands there.
  virtual absl::Status AddAudit(const AuditRecord& record) = 0;

  // Nothing also for an erased one.
  virtual absl::StatusOr<std::optional<AccountFacts>> FindClient(
      const OrganizationId& organization_id, const Uuid& client_id) = 0;
  // There was such a client once, and it was erased.
  virtual absl::StatusOr<bool> IsErased(const OrganizationId& organization_id,
                                        const Uuid& client_id) = 0;
  // The clients that an import made, from behind `after_row` on, in row order.
  virtual absl::StatusOr<std::vector<AccountFacts>> ListCreatedBy(const ImportKey& key,
                                                                  std::int64_t after_row,
                                                                  int count_max) = 0;
  // The account is pending.
  virtual absl::Status SetTemporaryPassword(const OrganizationId& organization_id,
                                            const Uuid& client_id,
                                            const TemporaryPassword& password, absl::Time now) = 0;
  // The account is active and used. False: it is not pending with the expected
  // credential.
  virtual absl::StatusOr<bool> Activate(const Activation& activation) = 0;
  // The account is used. `credential`: the one that it has from now on. Does
  // nothing if it has not the expected one.
  virtual absl::Status MarkUsed(const OrganizationId& organization_id, const Uuid& client_id,
                                std::string_view expected_credential,
                                std::string_view credential) = 0;
  // Takes all personal data and the credential away.
  virtual absl::Status Erase(const OrganizationId& organization_id, const Uuid& client_id,
                             absl::Time now) = 0;
};

}  // namespace provisioning
