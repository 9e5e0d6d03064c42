// SPDX-License-Identifier: Apache-2.0
#include "client/source_file.h"

#include <utility>

#include "client/csv/header_advice.h"
#include "client/session/interrupt.h"

namespace provisioning {
namespace {

// A single row may have been pasted in from elsewhere.
constexpr std::int64_t hinted_rows_min = 2;

absl::Status WithName(const absl::Status& status, const std::string& name) {
  return absl::Status(status.code(), name + ": " + std::string(status.message()));
}

}  // namespace

absl::StatusOr<std::unique_ptr<SourceFile>> SourceFile::Open(const std::string& path,
                                                             PasswordNeed need,
                                                             const CsvDialectChoice& choice) {
  // A pipe is waited for until it ends.
  const QuitAtOnce quit("\nStopped.\n");
  auto bytes = FileByteSource::Open(path);
  if (!bytes.ok()) return bytes.status();
  std::unique_ptr<SourceFile> file(new SourceFile);
  file->name_ = path == "-" ? "standard input" : path;
  file->bytes_ = *std::move(bytes);
  auto dialect = DetectDialect(*file->bytes_, choice);
  if (!dialect.ok()) return WithName(dialect.status(), file->name_);
  file->dialect_ = *dialect;
  auto rows = RowSource::Open(*file->bytes_, file->dialect_, file->rules_, need);
  if (!rows.ok()) return WithName(rows.status(), file->name_);
  file->rows_ = std::make_unique<RowSource>(*std::move(rows));
  return file;
}

absl::StatusOr<std::string> SourceFile::Sha256() const {
  const auto found = DetectDialect(*bytes_);
  const bool as_found = found.ok() && found->delimiter == dialect_.delimiter &&
                        found->encoding.name() == dialect_.encoding.name();
  if (as_found) return Sha256Of(*bytes_);
  return Sha256Of(*bytes_, "\n" + DelimiterName(dialect_.delimiter) + ", " +
                               std::string(dialect_.encoding.name()));
}

std::string SourceFile::Findings() const {
  const bool comma = dialect_.delimiter == ',';
  if (comma && dialect_.encoding.is_utf8()) return "";
  const std::string delimiter = DelimiterName(dialect_.delimiter);
  const bool named = delimiter.size() > 1;
  // UTF-8 was not found out, but taken for granted.
  return name_ + ": " + (named ? delimiter + "s" : "delimited by " + delimiter) +
         (dialect_.encoding.is_utf8() ? "" : ", " + std::string(dialect_.encoding.name()));
}

std::string SourceFile::EncodingHint() const {
  const std::int64_t rows = rows_->undecodable_rows();
  if (rows < hinted_rows_min || !dialect_.encoding.is_utf8()) return "";
  return name_ + ": " + std::to_string(rows) +
         " rows are not in UTF-8, so the whole file is probably in another encoding. " +
         OtherEncodings();
}

}  // namespace provisioning
