// SPDX-License-Identifier: Apache-2.0
#include "client/report/problems_file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "client/report/cell_text.h"

namespace provisioning {
namespace {

using FieldIssues = google::protobuf::RepeatedPtrField<v1::FieldIssue>;

constexpr std::array<std::string_view, 8> problems_columns = {
    "row_number", "line", "email_address", "severity", "column", "code", "message", "suggestion"};

}  // namespace

absl::Status ProblemsFile::RemoveEarlier(const std::string& path, const CsvDialect& dialect) {
  const auto file = RowFile::Reopen(path, problems_columns, nullptr, dialect);
  if (absl::IsNotFound(file.status())) return absl::OkStatus();
  if (absl::IsFailedPrecondition(file.status())) return file.status();
  if (!file.ok()) {
    return absl::AlreadyExistsError(path +
                                    " exists already, is no problems file, and is not "
                                    "overwritten. Move it away, or name another file with "
                                    "--problems.");
  }
  if (unlink(path.c_str()) == 0) return absl::OkStatus();
  return absl::UnavailableError(path + ": " + strerror(errno));
}

absl::Status ProblemsFile::Append(const v1::RowResult& result, std::int64_t line) {
  const std::pair<const char*, const FieldIssues&> severities[] = {
      {"violation", result.violations()}, {"warning", result.warnings()}};
  for (const auto& [severity, issues] : severities) {
    for (const v1::FieldIssue& issue : issues) {
      if (file_ == nullptr) {
        auto file = RowFile::Create(path_, dialect_, problems_columns);
        if (!file.ok()) {
          return absl::Status(file.status().code(), std::string(file.status().message()) +
                                                        ". Name another place with --problems.");
        }
        file_ = *std::move(file);
      }
      const std::array<std::string, problems_columns.size()> cells = {
          std::to_string(result.row_number()),
          std::to_string(line),
          result.email_address(),
          severity,
          issue.field(),
          IssueCodeText(issue.code()),
          issue.message(),
          issue.suggestion()};
      file_->Append(cells);
    }
  }
  if (file_ != nullptr && file_->WantsFlush()) return file_->Flush();
  return absl::OkStatus();
}

absl::Status ProblemsFile::DropAfter(std::int64_t row_number) {
  if (file_ == nullptr) {
    auto file = RowFile::Reopen(path_, problems_columns, nullptr, dialect_);
    if (absl::IsNotFound(file.status())) return absl::OkStatus();
    if (!file.ok()) return file.status();
    file_ = *std::move(file);
  }
  return file_->DropAfter(row_number, nullptr, nullptr);
}

absl::Status ProblemsFile::Discard() {
  if (file_ == nullptr) return absl::OkStatus();
  file_.reset();
  if (unlink(path_.c_str()) == 0) return absl::OkStatus();
  return absl::UnavailableError(path_ + ": " + strerror(errno));
}

absl::Status ProblemsFile::Flush() {
  if (file_ == nullptr) return absl::OkStatus();
  return file_->Flush();
}

absl::Status ProblemsFile::Sync() {
  if (file_ == nullptr) return absl::OkStatus();
  return file_->Sync();
}

}  // namespace provisioning
