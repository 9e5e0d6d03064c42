// SPDX-License-Identifier: Apache-2.0
#include "client/csv/row_source.h"

#include <algorithm>
#include <utility>

#include "service/rules/utf8.h"

namespace provisioning {
namespace {

bool IsEmptyCell(const std::string& cell) {
  return cell.find_first_not_of(" \t\r\n") == std::string::npos;
}

// A, B ... Z, AA ...: what a spreadsheet calls the column.
std::string SpreadsheetColumn(std::size_t index) {
  std::string name;
  for (std::size_t rest = index + 1; rest > 0; rest = (rest - 1) / 26) {
    name.insert(name.begin(), static_cast<char>('A' + (rest - 1) % 26));
  }
  return name;
}

ClientRow Copy(const ClientRow& row) {
  return {.row_number = row.row_number,
          .email_address = row.email_address,
          .initial_password = row.initial_password.Clone(),
          .first_name = row.first_name,
          .last_name = row.last_name,
          .birthdate = row.birthdate,
          .gender = row.gender};
}

bool IsText(const ClientRow& row) {
  return IsUtf8(row.email_address) && IsUtf8(row.initial_password.Reveal()) &&
         IsUtf8(row.first_name) && IsUtf8(row.last_name) && IsUtf8(row.birthdate) &&
         IsUtf8(row.gender);
}

// The first cell with content behind the columns of the header.
std::optional<FieldIssue> ExtraCell(const std::vector<std::string>& cells, int width) {
  for (std::size_t i = static_cast<std::size_t>(width); i < cells.size(); ++i) {
    if (IsEmptyCell(cells[i])) continue;
    FieldIssue issue;
    issue.field = "cell " + std::to_string(i + 1);
    issue.code = FieldIssueCode::kExtraCell;
    issue.message = "Cell " + std::to_string(i + 1) + " (column " + SpreadsheetColumn(i) +
                    ") has content, but the header names only " + std::to_string(width) +
                    " columns. Perhaps a cell before it is split in two.";
    return issue;
  }
  return std::nullopt;
}

}  // namespace

absl::StatusOr<RowSource> RowSource::Open(const ByteSource& bytes, const CsvDialect& dialect,
                                          const RowRules& rules, PasswordNeed need) {
  RowSource source(bytes, dialect, rules, need);
  if (absl::Status status = source.ReadHeader(); !status.ok()) return status;
  return source;
}

absl::Status RowSource::ReadHeader() {
  reader_ = std::make_unique<CsvReader>(*bytes_, dialect_);
  do {
    const auto more = reader_->Next(record_);
    if (!more.ok()) return more.status();
    if (!*more)
      return absl::InvalidArgumentError("the file is empty: it does not even have a header");
  } while (record_.blank());
  if (record_.problem) return absl::InvalidArgumentError("header: " + record_.problem->message);
  auto columns = MatchHeader(record_.cells, need_ == PasswordNeed::kOptional);
  if (!columns.ok()) return columns.status();
  columns_ = *columns;
  header_end_ = record_.end;
  record_number_ = 0;
  return absl::OkStatus();
}

absl::Status RowSource::Rewind() { return ReadHeader(); }

absl::StatusOr<bool> RowSource::Next(SourceRow& row) {
  do {
    const auto more = reader_->Next(record_);
    if (!more.ok()) return more.status();
    if (!*more) return false;
    ++record_number_;
  } while (record_.blank());
  Convert(row);
  return true;
}

void RowSource::Convert(SourceRow& row) {
  const auto cell = [this](Column column) {
    const auto place = static_cast<std::size_t>(columns_.place[static_cast<std::size_t>(column)]);
    const bool present = columns_.has(column) && place < record_.cells.size();
    return present ? std::exchange(record_.cells[place], {}) : std::string();
  };
  row.line = record_.line;
  row.begin = record_.begin;
  row.end = record_.end;
  row.problems.clear();
  row.row.row_number = record_number_;
  row.row.email_address = cell(Column::kEmailAddress);
  std::string password = cell(Column::kInitialPassword);
  row.row.initial_password = SecretString::TakeFrom(password);
  row.row.first_name = cell(Column::kFirstName);
  row.row.last_name = cell(Column::kLastName);
  row.row.birthdate = cell(Column::kBirthdate);
  row.row.gender = cell(Column::kGender);
  if (record_.problem) {
    row.problems.push_back(*std::move(record_.problem));
  } else if (auto extra = ExtraCell(record_.cells, columns_.width)) {
    row.problems.push_back(*std::move(extra));
  } else if (!IsText(row.row)) {
    // No text of a protocol message can carry these bytes, so the shared rules
    // are asked here instead of by the server.
    row.problems = rules_->Check(Copy(row.row), need_).violations();
  }
}

}  // namespace provisioning
