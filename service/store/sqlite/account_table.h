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

// As stored; all of one size.
enum class StoredState { kPending = 2, kActive = 3, kErased = 4 };

// Reads the tables `client` and `import_effect` over one connection, which
// outlives it. Erased clients are not there, but where that is said. One thread
// at a time.
class AccountTable {
 public:
  static absl::StatusOr<std::unique_ptr<AccountTable>> Prepare(const Connection& connection);

  // Erased ones included: it says whether there is anything to look for.
  absl::StatusOr<bool> HasAny(const OrganizationId& organization_id);
  // With `import_id`, AccountFacts::changed_by_row is filled in.
  absl::StatusOr<std::optional<AccountFacts>> FindByEmail(const OrganizationId& organization_id,
                                                          std::string_view email_address,
                                                          const std::optional<Uuid>& import_id);
  absl::StatusOr<std::optional<AccountFacts>> FindById(const OrganizationId& organization_id,
                                                       const Uuid& client_id);
  absl::StatusOr<std::optional<AccountFacts>> FindCreatedBy(const ImportKey& key,
                                                            std::int64_t row_number);
  // Nothing also if the account has gone since.
  absl::StatusOr<std::optional<RowEffect>> FindEffectOf(const ImportKey& key,
                                                        std::int64_t row_number);
  // The clients that an import made, from behind `after_row` on, in row order.
  absl::StatusOr<std::vector<AccountFacts>> ListCreatedBy(const ImportKey& key,
                                                          std::int64_t after_row, int count_max);
  absl::StatusOr<std::optional<SignInAccount>> FindSignIn(const OrganizationId& organization_id,
                                                          std::string_view email_address);
  // Also of an erased one; nothing: there never was such a client.
  absl::StatusOr<std::optional<StoredState>> StateOf(const OrganizationId& organization_id,
                                                     const Uuid& client_id);

  // With the key of its failures, which are stored elsewhere.
  struct FoundClient {
    ClientRecord record;
    FailureKey failure_key;
  };
  absl::StatusOr<std::optional<FoundClient>> Get(const OrganizationId& organization_id,
                                                 const Uuid& client_id);
  absl::StatusOr<std::optional<FoundClient>> GetByEmail(const OrganizationId& organization_id,
                                                        std::string_view email_address);
  absl::StatusOr<Page<FoundClient, Uuid>> List(const OrganizationId& organization_id,
                                               const ClientFilter& filter,
                                               const std::optional<Uuid>& after, int page_size);

 private:
  struct Statements {
    Statement any, by_email, by_id, by_creation, effect, changed_by, created_by, sign_in, state,
        list;
  };
  explicit AccountTable(Statements statements) : statements_(std::move(statements)) {}

  Statements statements_;
};

}  // namespace provisioning
