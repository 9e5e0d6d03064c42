// SPDX-License-Identifier: Apache-2.0
// Shortcuts for tables of cells and what the rules say about them.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/rules/row_rules.h"
#include "tests/support/fake_clock.h"

namespace provisioning {

// The tests' today.
inline FakeClock ClockAtNoon(int year = 2026, int month = 7, int day = 1) {
  return FakeClock(
      absl::FromCivil(absl::CivilSecond(year, month, day, 12, 0, 0), absl::UTCTimeZone()));
}

// A row without a fault and without a warning.
inline ClientRow GoodRow() {
  ClientRow row;
  row.row_number = 7;
  row.email_address = "anna.smith@example.com";
  row.initial_password = SecretString("Harbour-Lantern-42");
  row.first_name = "Anna";
  row.last_name = "Smith";
  row.birthdate = "19811120";
  row.gender = "F";
  return row;
}

inline ClientRow RowWith(Column column, std::string_view cell) {
  ClientRow row = GoodRow();
  switch (column) {
    case Column::kEmailAddress:
      row.email_address = cell;
      break;
    case Column::kInitialPassword:
      row.initial_password = SecretString(cell);
      break;
    case Column::kFirstName:
      row.first_name = cell;
      break;
    case Column::kLastName:
      row.last_name = cell;
      break;
    case Column::kBirthdate:
      row.birthdate = cell;
      break;
    case Column::kGender:
      row.gender = cell;
      break;
    case Column::kPasswordHash:
      row.password_hash = SecretString(cell);
      if (!cell.empty()) row.initial_password = SecretString();
      break;
  }
  return row;
}

inline CheckedRow CheckRow(ClientRow row, PasswordNeed need = PasswordNeed::kRequired) {
  const FakeClock clock = ClockAtNoon();
  return RowRules(clock).Check(std::move(row), need);
}

inline CheckedRow CheckCell(Column column, std::string_view cell) {
  return CheckRow(RowWith(column, cell));
}

inline std::vector<FieldIssueCode> CodesOf(const std::vector<FieldIssue>& issues) {
  std::vector<FieldIssueCode> codes;
  codes.reserve(issues.size());
  for (const FieldIssue& issue : issues) codes.push_back(issue.code);
  return codes;
}

inline std::string Repeat(std::string_view text, int times) {
  std::string repeated;
  for (int i = 0; i < times; ++i) repeated += text;
  return repeated;
}

}  // namespace provisioning
