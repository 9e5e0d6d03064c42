// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "client/csv/byte_source.h"
#include "client/csv/csv_dialect.h"
#include "client/csv/row_source.h"
#include "service/model/clock.h"
#include "service/rules/row_rules.h"

namespace provisioning {

// A spreadsheet that was opened and whose header fits.
class SourceFile {
 public:
  // `path`: "-" is standard input. The message of an error names the file.
  static absl::StatusOr<std::unique_ptr<SourceFile>> Open(const std::string& path,
                                                          PasswordNeed need,
                                                          const CsvDialectChoice& choice = {});

  const FileByteSource& bytes() const { return *bytes_; }
  const CsvDialect& dialect() const { return dialect_; }
  const RowRules& rules() const { return rules_; }
  RowSource& rows() { return *rows_; }
  // What people call it: its path, or "standard input".
  const std::string& name() const { return name_; }
  // Of its bytes; read in another way than would have been found out, of that way
  // as well, since an import that goes on has to read the same.
  absl::StatusOr<std::string> Sha256() const;
  // What was found out about it, where a person may want to know: "f.csv:
  // semicolons, UTF-16". Empty: the plain case.
  std::string Findings() const;
  // What to say after a pass over its rows: that it may be in another encoding.
  // Empty: nothing.
  std::string EncodingHint() const;

 private:
  SourceFile() : rules_(clock_) {}

  std::string name_;
  std::unique_ptr<FileByteSource> bytes_;
  CsvDialect dialect_;
  SystemClock clock_;
  RowRules rules_;
  std::unique_ptr<RowSource> rows_;
};

}  // namespace provisioning
