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

// New accounts on their way into the table, by COPY in its binary format. One whose
// address is there already fails all of them (23505).
class ClientCopy {
 public:
  static const std::string_view sql;

  // `batch` outlives it.
  explicit ClientCopy(const ImportBatch& batch) : batch_(batch) {}

  // Appends to `out`: once, before all rows; each row; once, behind them.
  static void Begin(std::string& out);
  void Add(const PreparedRow& row, const Uuid& client_id, std::string& out) const;
  static void End(std::string& out);

 private:
  const ImportBatch& batch_;
};

}  // namespace provisioning
