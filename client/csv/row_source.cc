// SPDX-License-Identifier: Apache-2.0
#include "client/csv/row_source.h"

#include <algorithm>
#include <utility>

#include "client/csv/cell_name.h"
#include "client/csv/header_advice.h"
#include "service/model/secret_string.h"
#include "service/rules/utf8.h"

namespace provisioning {
namespace {

bool IsEmptyCell(const std::string& cell) {
  return cell.find_first_not_of(" \t\r\n") == std::string::npos;
}

bool IsText(const ClientRow& row) {
  return IsUtf8(row.email_address) && IsUtf8(row.initial_password.Reveal()) &&
         IsUtf8(row.first_name) && IsUtf8(row.last_name) && IsUtf8(row.birthdate) &&
         IsUtf8(row.gender) && IsUtf8(row.password_hash.Reveal());
}

// About the first cell with content behind the columns of the header. It may be
// a part of a password, so nothing of it is shown.
std::optional<FieldIssue> ExtraCell(const std::vector<std::string>& cells, int width,
                                    char delimiter) {
  for (std::size_t i = static_cast<std::size_t>(width); i < cells.size(); ++i) {
    if (IsEmptyCell(cells[i])) continue;
    std::string name = CellName(i);
    name.front() = 'C';
    FieldIssue issue;
    issue.field = "cell " + std::to_string(i + 1);
    issue.code = FieldIssueCode::kExtraCell;
    issue.message = name + " has content, but the header names only " + std::to_string(width) +
                    " columns. Probably a cell before it has a " + DelimiterName(delimiter) +
                    " in it and is split in two there: a password or a name with a " +
                    DelimiterName(delimiter) + " must stand in quotes.";
    return issue;
  }
  return std::nullopt;
}

absl::Status OnLine(const CsvRecord& record, std::string_view message) {
  return absl::InvalidArgumentError("line " + std::to_string(record.line) + ": " +
                                    std::string(message));
}

std::optional<Column> ColumnOf(const FieldIssue& issue) {
  for (int i = 0; i < column_count; ++i) {
    if (ColumnName(static_cast<Column>(i)) == issue.field) return static_cast<Column>(i);
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
  record_number_ = 0;
  undecodable_rows_ = 0;
  do {
    const auto more = reader_->Next(record_);
    if (!more.ok()) return more.status();
    if (!*more) {
      return absl::InvalidArgumentError(
          "the file is empty: it does not even have a header. `provision template` writes a file "
          "with one.");
    }
  } while (record_.blank());
  if (record_.problem) return OnLine(record_, "the header: " + record_.problem->message);
  auto columns = MatchHeader(record_.cells, need_ == PasswordNeed::kOptional);
  if (!columns.ok()) return HeaderError(columns.status());
  columns_ = *columns;
  header_end_ = record_.end;
  return absl::OkStatus();
}

absl::Status RowSource::HeaderError(const absl::Status& mismatch) {
  std::string advice = AdviceOnEncoding(record_, dialect_.encoding);
  if (advice.empty()) advice = AdviceOnDelimiter(record_, dialect_);
  if (!advice.empty()) return OnLine(record_, advice);
  advice = AdviceOnLine(record_, *reader_);
  if (!advice.empty()) return OnLine(record_, "this is not the header; " + advice);
  return OnLine(record_, std::string(mismatch.message()));
}

absl::Status RowSource::Rewind() {
  if (absl::Status status = bytes_->CheckUnchanged(); !status.ok()) return status;
  return ReadHeader();
}

absl::StatusOr<bool> RowSource::Next(SourceRow& row) {
  do {
    const auto more = reader_->Next(record_);
    if (!more.ok()) return more.status();
    if (!*more) {
      // Otherwise half a file would pass for a whole one.
      if (absl::Status status = bytes_->CheckUnchanged(); !status.ok()) return status;
      return false;
    }
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
  // Such a cell holds the lines that follow, and other people's passwords.
  const bool swallowed = record_.problem && record_.problem->code == FieldIssueCode::kUnclosedQuote;
  if (swallowed && !record_.cells.empty()) WipeString(record_.cells.back());
  row.row.email_address = cell(Column::kEmailAddress);
  const auto secret = [&cell](Column column) {
    std::string bytes = cell(column);
    return SecretString::TakeFrom(bytes);
  };
  row.row.initial_password = secret(Column::kInitialPassword);
  row.row.first_name = cell(Column::kFirstName);
  row.row.last_name = cell(Column::kLastName);
  row.row.birthdate = cell(Column::kBirthdate);
  row.row.gender = cell(Column::kGender);
  row.row.password_hash = secret(Column::kPasswordHash);
  if (record_.problem) {
    row.problems.push_back(*std::move(record_.problem));
  } else if (auto extra = ExtraCell(record_.cells, columns_.width, dialect_.delimiter)) {
    row.problems.push_back(*std::move(extra));
  } else if (!IsText(row.row)) {
    // No text of a protocol message can carry these bytes, so the shared rules
    // are asked here instead of by the server.
    row.problems = rules_->Check(row.row.Clone(), need_).violations();
    for (FieldIssue& problem : row.problems) {
      if (problem.code == FieldIssueCode::kInvalidUtf8) ExplainBytes(problem);
    }
    ++undecodable_rows_;
  }
}

void RowSource::ExplainBytes(FieldIssue& problem) const {
  const auto column = ColumnOf(problem);
  if (!column) return;
  std::string place =
      CellName(static_cast<std::size_t>(columns_.place[static_cast<std::size_t>(*column)]));
  place += ", line " + std::to_string(record_.line);
  if (dialect_.encoding.is_utf8()) {
    problem.message += " It is " + place +
                       ". If the whole file is in another encoding, say which, for example "
                       "--encoding windows-1252.";
    return;
  }
  place.front() = 'C';
  problem.message =
      place + (dialect_.encoding.is_utf16()
                   ? ": half of a character is missing there (UTF-16). Write the cell again."
                   : ": there is a byte that is no character in " + dialect_.encoding.name() +
                         ". Mend the cell, or say another --encoding if the whole file is in it.");
}

}  // namespace provisioning
