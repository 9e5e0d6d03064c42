// SPDX-License-Identifier: Apache-2.0
#include "client/session/row_wire.h"

#include "service/model/limits.h"
#include "service/model/secret_string.h"
#include "service/rules/utf8.h"

namespace provisioning {
namespace {

// Keys, lengths and the row number.
constexpr std::size_t row_overhead_bytes = 32;

v1::FieldIssue ToWire(const FieldIssue& issue) {
  v1::FieldIssue wire;
  wire.set_field(issue.field);
  wire.set_code(static_cast<v1::FieldIssueCode>(issue.code));
  wire.set_message(issue.message);
  wire.set_suggestion(issue.suggestion);
  return wire;
}

}  // namespace

void ToWire(const ClientRow& row, v1::ClientRow& wire) {
  wire.set_row_number(row.row_number);
  wire.set_email_address(row.email_address);
  const std::string_view password = row.initial_password.Reveal();
  wire.set_initial_password(password.data(), password.size());
  wire.set_first_name(row.first_name);
  wire.set_last_name(row.last_name);
  wire.set_birthdate(row.birthdate);
  wire.set_gender(row.gender);
  const std::string_view hash = row.password_hash.Reveal();
  wire.set_password_hash(hash.data(), hash.size());
}

std::size_t WireBytes(const ClientRow& row) {
  return row_overhead_bytes + row.email_address.size() + row.initial_password.size() +
         row.first_name.size() + row.last_name.size() + row.birthdate.size() + row.gender.size() +
         row.password_hash.size();
}

v1::RowResult LocalResult(const SourceRow& row) {
  v1::RowResult result;
  result.set_row_number(row.row.row_number);
  result.set_outcome(v1::ROW_OUTCOME_REJECTED);
  result.set_email_address(VisibleText(row.row.email_address, limits::email_bytes_max));
  for (const FieldIssue& problem : row.problems) *result.add_violations() = ToWire(problem);
  return result;
}

v1::RowResult OfflineResult(const CheckedRow& row) {
  v1::RowResult result;
  result.set_row_number(row.row_number());
  result.set_outcome(row.accepted() ? v1::ROW_OUTCOME_VALID : v1::ROW_OUTCOME_REJECTED);
  result.set_email_address(row.email_address());
  for (const FieldIssue& issue : row.violations()) *result.add_violations() = ToWire(issue);
  for (const FieldIssue& issue : row.warnings()) *result.add_warnings() = ToWire(issue);
  return result;
}

void WipePasswords(v1::ImportRows& rows) {
  for (v1::ClientRow& row : *rows.mutable_rows()) {
    WipeString(*row.mutable_initial_password());
    WipeString(*row.mutable_password_hash());
  }
}

void WipePassword(v1::RowResult& result) {
  if (!result.temporary_password().empty()) WipeString(*result.mutable_temporary_password());
}

}  // namespace provisioning
