// SPDX-License-Identifier: Apache-2.0
#include "client/clients/one_result.h"

#include <unistd.h>

#include <cstdio>

#include "client/report/import_report.h"
#include "client/report/json_text.h"
#include "client/session/row_wire.h"
#include "service/model/secret_string.h"

namespace provisioning {

OneResult::~OneResult() {
  if (file_ != nullptr && !kept_) unlink(path_.c_str());
}

absl::Status OneResult::Open() {
  if (path_.empty()) return absl::OkStatus();
  auto file = ResultsFile::Create(path_, CsvDialect());
  if (absl::IsAlreadyExists(file.status())) {
    return absl::AlreadyExistsError(std::string(file.status().message()) +
                                    ". Move it away, or name another file with --results.");
  }
  if (!file.ok()) return file.status();
  file_ = *std::move(file);
  return absl::OkStatus();
}

absl::Status OneResult::Write(v1::RowResult& result, const std::string& first_name,
                              const std::string& last_name) {
  absl::Status status;
  if (file_ != nullptr && result.outcome() != v1::ROW_OUTCOME_REJECTED) {
    ClientRow row;
    row.first_name = first_name;
    row.last_name = last_name;
    file_->Append(result, row);
    status = file_->Sync();
    kept_ = status.ok();
  }
  if (json_) {
    std::string line = JsonLine(result) + "\n";
    (void)std::fputs(line.c_str(), stdout);
    WipeString(line);
    if (absl::Status flushed = FlushJson(stdout); status.ok()) status = flushed;
  }
  WipePassword(result);
  return status;
}

}  // namespace provisioning
