// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "service/store/identity_store.h"
#include "service/store/postgres/failure_table.h"
#include "service/store/postgres/transaction_runner.h"

namespace provisioning {

// The methods of IdentityStore that only read accounts. Any thread.
class AccountReader {
 public:
  // Both outlive it.
  AccountReader(const TransactionRunner& runner, const FailureTable& failures)
      : runner_(runner), failures_(failures) {}

  absl::StatusOr<std::vector<std::optional<AccountFacts>>> FindAccounts(
      const OrganizationId& organization_id, std::span<const std::string> email_addresses,
      const std::optional<Uuid>& import_id) const;
  absl::StatusOr<std::optional<ClientRecord>> GetClient(const OrganizationId& organization_id,
                                                        const Uuid& client_id) const;
  absl::StatusOr<std::optional<ClientRecord>> GetClientByEmail(
      const OrganizationId& organization_id, const std::string& email_address) const;
  absl::StatusOr<Page<ClientRecord, Uuid>> ListClients(const OrganizationId& organization_id,
                                                       const ClientFilter& filter,
                                                       const std::optional<Uuid>& after,
                                                       int page_size) const;
  absl::StatusOr<std::optional<SignInAccount>> FindSignInAccount(
      const OrganizationId& organization_id, const std::string& email_address) const;

 private:
  // With the counts of failures.
  absl::StatusOr<std::vector<ClientRecord>> ReadClients(const OrganizationId& organization_id,
                                                        const SqlStatement& statement) const;
  absl::StatusOr<std::optional<ClientRecord>> ReadClient(const OrganizationId& organization_id,
                                                         const SqlStatement& statement) const;

  const TransactionRunner& runner_;
  const FailureTable& failures_;
};

}  // namespace provisioning
