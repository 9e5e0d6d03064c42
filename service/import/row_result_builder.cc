// SPDX-License-Identifier: Apache-2.0
#include "service/import/row_result_builder.h"

#include <string>
#include <utility>

namespace provisioning {
namespace {

FieldIssue PasswordIssue(FieldIssueCode code, std::string message) {
  return {std::string(ColumnName(Column::kInitialPassword)), code, std::move(message), ""};
}

// Into column order, behind what is said of the columns before it.
void AddPasswordIssue(std::vector<FieldIssue>& issues, FieldIssue issue) {
  auto place = issues.begin();
  while (place != issues.end() && (place->field == ColumnName(Column::kEmailAddress) ||
                                   place->field == ColumnName(Column::kInitialPassword))) {
    ++place;
  }
  issues.insert(place, std::move(issue));
}

}  // namespace

RowResult BuildRowResult(CheckedRow& row, RowMemo& memo, const RowAnswer& answer) {
  RowResult result;
  result.row_number = row.row_number();
  result.outcome = answer.outcome;
  result.email_address = row.TakeEmailAddress();
  result.client_id = answer.client_id;
  result.first_row_number = answer.first_row_number;
  result.replayed = answer.replayed;
  result.password_expires_at = answer.password_expires_at;
  result.warnings = row.warnings();
  if (answer.credential_set) result.temporary_password = std::move(memo.generated_password);
  if (answer.outcome == RowOutcome::kRejected) {
    result.violations = row.violations();
    if (answer.password_missing) {
      AddPasswordIssue(
          result.violations,
          PasswordIssue(FieldIssueCode::kRequired,
                        "this would be a new client, and a new client needs a password "
                        "of at least 8 characters; fill the cell in, or let the "
                        "service generate passwords"));
    }
  }
  if (answer.password_not_repeatable) {
    AddPasswordIssue(result.warnings,
                     PasswordIssue(FieldIssueCode::kPasswordNotRepeatable,
                                   "the password that was generated for this row was used or "
                                   "replaced since, and cannot be shown again; reissue it if the "
                                   "client still needs one"));
  }
  return result;
}

}  // namespace provisioning
