// SPDX-License-Identifier: Apache-2.0
#include "client/source_file.h"

#include <utility>

#include "client/session/interrupt.h"

namespace provisioning {
namespace {

absl::Status WithName(const absl::Status& status, const std::string& name) {
  return absl::Status(status.code(), name + ": " + std::string(status.message()));
}

}  // namespace

absl::StatusOr<std::unique_ptr<SourceFile>> SourceFile::Open(const std::string& path,
                                                             PasswordNeed need) {
  // A pipe is waited for until it ends.
  const QuitAtOnce quit("\nStopped.\n");
  auto bytes = FileByteSource::Open(path);
  if (!bytes.ok()) return bytes.status();
  std::unique_ptr<SourceFile> file(new SourceFile);
  file->name_ = path == "-" ? "standard input" : path;
  file->bytes_ = *std::move(bytes);
  auto dialect = DetectDialect(*file->bytes_);
  if (!dialect.ok()) return WithName(dialect.status(), file->name_);
  file->dialect_ = *dialect;
  auto rows = RowSource::Open(*file->bytes_, file->dialect_, file->rules_, need);
  if (!rows.ok()) return WithName(rows.status(), file->name_);
  file->rows_ = std::make_unique<RowSource>(*std::move(rows));
  return file;
}

}  // namespace provisioning
