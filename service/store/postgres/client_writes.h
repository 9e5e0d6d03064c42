// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service/store/identity_store.h"
#include "service/store/postgres/postgres_transaction.h"
#include "service/store/postgres/sql_value.h"

namespace provisioning {

// What a batch changes of accounts that are there: collected row by row, and
// written by one statement of each kind.
class ClientWrites {
 public:
  void UpdateProfile(const Uuid& client_id, const ClientProfile& profile);
  // The row's credential becomes the account's, and expires as the batch says.
  void SetCredential(const Uuid& client_id, const Credential& credential, std::int64_t row_number);
  void AddEffect(std::int64_t row_number, const Uuid& client_id, RowOutcome outcome);

  // With the transaction's next statement.
  void RunLater(const ImportBatch& batch, PostgresTransaction& transaction) const;

 private:
  struct Profiles {
    SqlArray client_ids{SqlType::kId};
    SqlArray first_names{SqlType::kText};
    SqlArray last_names{SqlType::kText};
    SqlArray birthdates{SqlType::kDate};
    SqlArray genders{SqlType::kText};
  } profiles_;
  struct Credentials {
    SqlArray client_ids{SqlType::kId};
    SqlArray texts{SqlType::kText};
    SqlArray generated{SqlType::kBool};
    SqlArray rows{SqlType::kNumber};
  } credentials_;
  struct Effects {
    SqlArray rows{SqlType::kNumber};
    SqlArray client_ids{SqlType::kId};
    SqlArray outcomes{SqlType::kNumber};
  } effects_;
};

// The INSERT of new accounts. Returns the row numbers of those that are in: an
// account with the same address stays as it is.
class ClientInsert {
 public:
  void Add(const PreparedRow& row, const Uuid& client_id, absl::Time password_expires_at);
  SqlStatement Statement(const ImportBatch& batch) const;

 private:
  SqlArray client_ids_{SqlType::kId};
  SqlArray email_addresses_{SqlType::kText};
  SqlArray first_names_{SqlType::kText};
  SqlArray last_names_{SqlType::kText};
  SqlArray birthdates_{SqlType::kDate};
  SqlArray genders_{SqlType::kText};
  SqlArray states_{SqlType::kNumber};
  SqlArray rows_{SqlType::kNumber};
  SqlArray credentials_{SqlType::kText};
  SqlArray generated_{SqlType::kBool};
  SqlArray expire_times_{SqlType::kTime};
};

}  // namespace provisioning
