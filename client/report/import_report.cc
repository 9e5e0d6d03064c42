// SPDX-License-Identifier: Apache-2.0
#include "client/report/import_report.h"

#include <cerrno>
#include <cstring>
#include <string>

#include "client/report/json_text.h"
#include "service/model/secret_string.h"

namespace provisioning {

absl::Status ImportReport::OnResult(v1::RowResult& result, const SourceRow& row) {
  progress_.Count(result.outcome());
  examples_.Add(result, row.line);
  if (absl::Status status = problems_.Append(result, row.line); !status.ok()) return status;
  results_.Append(result, row.row);
  if (result.replayed() && result.row_number() <= settled_before_) ++answered_before_;
  if (json_ != nullptr) {
    std::string line = JsonLine(result) + "\n";
    // What goes wrong shows when it is flushed.
    (void)std::fputs(line.c_str(), json_);
    WipeString(line);
  }
  return results_.WantsFlush() ? Flush() : absl::OkStatus();
}

void ImportReport::StartAgain() {
  progress_.StartFrom(results_.counts());
  examples_ = ProblemExamples();
}

// The problems first: a run that goes on behind the last result looks at no row
// before it again.
absl::Status ImportReport::Flush() {
  if (absl::Status status = problems_.Flush(); !status.ok()) return status;
  if (absl::Status status = results_.Flush(); !status.ok()) return status;
  if (json_ == nullptr) return absl::OkStatus();
  absl::Status status = FlushJson(json_);
  if (status.ok()) return status;
  return absl::UnavailableError(std::string(status.message()) + ". " + results_.path() +
                                " has all results so far.");
}

absl::Status FlushJson(std::FILE* json) {
  if (std::fflush(json) == 0 && std::ferror(json) == 0) return absl::OkStatus();
  return absl::UnavailableError(std::string("standard output cannot be written to: ") +
                                strerror(errno));
}

}  // namespace provisioning
