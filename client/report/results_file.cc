// SPDX-License-Identifier: Apache-2.0
#include "client/report/results_file.h"

#include <algorithm>
#include <array>
#include <optional>

#include "absl/time/time.h"
#include "client/report/cell_text.h"

namespace provisioning {
namespace {

constexpr std::array<std::string_view, 12> results_columns = {
    "row_number",          "outcome",
    "email_address",       "first_name",
    "last_name",           "temporary_password",
    "password_expires_at", "client_id",
    "first_row_number",    "replayed",
    "violations",          "warnings"};
constexpr std::size_t outcome_cell = 1;
constexpr std::size_t password_cell = 5;
constexpr std::size_t expiry_cell = 6;
constexpr std::size_t replayed_cell = 9;

// Between the clocks of a service's servers.
constexpr absl::Duration clock_difference_max = absl::Seconds(10);

// A spreadsheet writes TRUE. It may also write a time in another form.
bool IsTrue(const std::string& cell) { return !cell.empty() && (cell[0] == 't' || cell[0] == 'T'); }

std::optional<absl::Time> ReadTime(const std::string& cell) {
  absl::Time time;
  if (!absl::ParseTime(absl::RFC3339_full, cell, &time, nullptr)) return std::nullopt;
  return time;
}

const std::string& CellOrEmpty(const std::vector<std::string>& cells, std::size_t index) {
  static const std::string empty;
  return index < cells.size() ? cells[index] : empty;
}

}  // namespace

void RowRanges::Add(std::int64_t row_number) {
  ++count_;
  if (!ranges_.empty() && ranges_.back().second + 1 == row_number) {
    ranges_.back().second = row_number;
  } else {
    ranges_.emplace_back(row_number, row_number);
  }
}

std::string RowRanges::ToString(std::size_t ranges_max) const {
  std::string text;
  for (std::size_t i = 0; i < std::min(ranges_max, ranges_.size()); ++i) {
    const auto& [first, last] = ranges_[i];
    if (i > 0) text += ", ";
    text += std::to_string(first);
    if (last != first) text += "-" + std::to_string(last);
  }
  if (ranges_.size() > ranges_max) {
    text += " and " + std::to_string(ranges_.size() - ranges_max) + " more places";
  }
  return text;
}

absl::StatusOr<std::unique_ptr<ResultsFile>> ResultsFile::Create(const std::string& path,
                                                                 const CsvDialect& dialect) {
  auto file = RowFile::Create(path, dialect, results_columns);
  if (!file.ok()) return file.status();
  std::unique_ptr<ResultsFile> results(new ResultsFile);
  results->file_ = *std::move(file);
  return results;
}

absl::StatusOr<std::unique_ptr<ResultsFile>> ResultsFile::Reopen(const std::string& path,
                                                                 const CsvDialect& dialect) {
  std::unique_ptr<ResultsFile> results(new ResultsFile);
  auto file = RowFile::Reopen(
      path, results_columns,
      [&](std::int64_t row, const std::vector<std::string>& cells) { results->Count(row, cells); },
      dialect);
  if (!file.ok()) return file.status();
  results->file_ = *std::move(file);
  return results;
}

void ResultsFile::CountExpiry(const std::string& time) {
  absl::Time expiry;
  if (!absl::ParseTime(absl::RFC3339_full, time, &expiry, nullptr)) return;
  ++temporary_passwords_;
  first_password_expiry_ = std::min(first_password_expiry_, expiry);
}

void ResultsFile::Count(std::int64_t row_number, const std::vector<std::string>& cells) {
  last_row_number_ = row_number;
  if (!CellOrEmpty(cells, password_cell).empty()) ++generated_passwords_;
  CountExpiry(CellOrEmpty(cells, expiry_cell));
  for (int i = 1; i <= row_outcome_count; ++i) {
    const auto outcome = static_cast<RowOutcome>(i);
    if (CellOrEmpty(cells, outcome_cell) == RowOutcomeName(outcome)) ++counts_[outcome];
  }
}

void ResultsFile::Append(const v1::RowResult& result, const ClientRow& row) {
  std::array<std::string, results_columns.size()> cells = {
      std::to_string(result.row_number()),
      OutcomeText(result.outcome()),
      result.email_address(),
      TrimmedText(row.first_name),
      TrimmedText(row.last_name),
      result.temporary_password(),
      result.has_password_expires_at() ? TimeText(result.password_expires_at()) : "",
      result.client_id(),
      result.first_row_number() > 0 ? std::to_string(result.first_row_number()) : "",
      result.replayed() ? "true" : "false",
      IssuesText(result.violations()),
      IssuesText(result.warnings())};
  file_->Append(cells);
  WipeString(cells[password_cell]);
  last_row_number_ = result.row_number();
  if (!result.temporary_password().empty()) ++generated_passwords_;
  CountExpiry(cells[expiry_cell]);
  if (result.outcome() >= 1 && result.outcome() <= row_outcome_count) {
    ++counts_[static_cast<RowOutcome>(result.outcome())];
  }
}

absl::StatusOr<std::int64_t> ResultsFile::SureThrough(std::int64_t row_number) {
  // All passwords of an import live equally long, so that when they end tells
  // when they were made.
  absl::Time last_made = absl::InfinitePast();
  absl::Status status =
      file_->ForEach([&](std::int64_t row, const std::vector<std::string>& cells) {
        if (row > row_number || IsTrue(CellOrEmpty(cells, replayed_cell))) return;
        const auto expiry = ReadTime(CellOrEmpty(cells, expiry_cell));
        if (expiry) last_made = std::max(last_made, *expiry);
      });
  if (!status.ok()) return status;
  std::int64_t sure = row_number;
  std::int64_t previous = 0;
  status = file_->ForEach([&](std::int64_t row, const std::vector<std::string>& cells) {
    const bool made_anew =
        IsTrue(CellOrEmpty(cells, replayed_cell)) && !CellOrEmpty(cells, password_cell).empty();
    const auto expiry = ReadTime(CellOrEmpty(cells, expiry_cell));
    const bool lost = made_anew && (!expiry || *expiry + clock_difference_max >= last_made);
    if (lost && row <= sure) sure = previous;
    previous = row;
  });
  if (!status.ok()) return status;
  return sure;
}

absl::StatusOr<ResultsFile::Dropped> ResultsFile::DropAfter(std::int64_t row_number) {
  Dropped dropped;
  counts_ = OutcomeCounts();
  generated_passwords_ = 0;
  temporary_passwords_ = 0;
  first_password_expiry_ = absl::InfiniteFuture();
  last_row_number_ = 0;
  const absl::Status status = file_->DropAfter(
      row_number,
      [&](std::int64_t row, const std::vector<std::string>& cells) { Count(row, cells); },
      [&](std::int64_t row, const std::vector<std::string>& cells) {
        ++dropped.rows;
        if (!CellOrEmpty(cells, password_cell).empty()) dropped.passwords.Add(row);
      });
  if (!status.ok()) return status;
  return dropped;
}

absl::Status ResultsFile::ForEach(
    const std::function<void(std::int64_t row_number, const std::string& outcome)>& visit) {
  return file_->ForEach([&](std::int64_t row, const std::vector<std::string>& cells) {
    visit(row, CellOrEmpty(cells, outcome_cell));
  });
}

}  // namespace provisioning
