// SPDX-License-Identifier: Apache-2.0
#include "client/report/import_report.h"

#include <string>

#include "client/report/json_text.h"
#include "service/model/secret_string.h"

namespace provisioning {

absl::Status ImportReport::OnResult(v1::RowResult& result, const SourceRow& row) {
  progress_.Count(result.outcome());
  if (absl::Status status = problems_.Append(result, row.line); !status.ok()) return status;
  if (absl::Status status = results_.Append(result, row.row); !status.ok()) return status;
  if (json_ == nullptr) return absl::OkStatus();
  std::string line = JsonLine(result) + "\n";
  const bool written = std::fputs(line.c_str(), json_) >= 0;
  WipeString(line);
  return written ? absl::OkStatus() : absl::UnavailableError("stdout cannot be written to");
}

absl::Status ImportReport::Flush() {
  if (absl::Status status = problems_.Flush(); !status.ok()) return status;
  if (absl::Status status = results_.Flush(); !status.ok()) return status;
  if (json_ != nullptr && std::fflush(json_) != 0) {
    return absl::UnavailableError("stdout cannot be written to");
  }
  return absl::OkStatus();
}

}  // namespace provisioning
