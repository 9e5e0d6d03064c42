// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/import_messages.h"

#include "absl/time/clock.h"
#include "service/model/uuid.h"

namespace provisioning {

std::string NewImportId() { return Uuid::NewV7(absl::Now()).ToString(); }

v1::ImportClientsRequest StartMessage() { return StartMessage(NewImportId()); }

v1::ImportClientsRequest StartMessage(const std::string& import_id) {
  v1::ImportClientsRequest message;
  v1::ImportStart& start = *message.mutable_start();
  start.set_organization_id(test_organization);
  start.set_import_id(import_id);
  start.set_missing_password(v1::MISSING_PASSWORD_GENERATE);
  return message;
}

v1::ImportClientsRequest RowsMessage(std::int64_t first, std::int64_t last) {
  v1::ImportClientsRequest message;
  message.mutable_rows();
  for (std::int64_t number = first; number <= last; ++number) {
    *message.mutable_rows()->add_rows() = MakeMessageRow(number);
  }
  return message;
}

v1::ImportClientsRequest EndMessage() {
  v1::ImportClientsRequest message;
  message.mutable_end();
  return message;
}

v1::ClientRow MakeMessageRow(std::int64_t number) {
  v1::ClientRow row;
  row.set_row_number(number);
  row.set_email_address("client" + std::to_string(number) + "@practice.example");
  row.set_first_name("Ada");
  row.set_last_name("Byron");
  row.set_birthdate("19151210");
  row.set_gender("F");
  return row;
}

std::vector<std::int64_t> NumbersOf(const std::vector<v1::RowResult>& results) {
  std::vector<std::int64_t> numbers;
  numbers.reserve(results.size());
  for (const v1::RowResult& result : results) numbers.push_back(result.row_number());
  return numbers;
}

std::vector<v1::RowOutcome> OutcomesOf(const std::vector<v1::RowResult>& results) {
  std::vector<v1::RowOutcome> outcomes;
  outcomes.reserve(results.size());
  for (const v1::RowResult& result : results) outcomes.push_back(result.outcome());
  return outcomes;
}

std::vector<std::int64_t> Counting(std::int64_t first, std::int64_t last) {
  std::vector<std::int64_t> numbers;
  for (std::int64_t number = first; number <= last; ++number) numbers.push_back(number);
  return numbers;
}

}  // namespace provisioning
