// SPDX-License-Identifier: Apache-2.0
#include "service/model/row_result.h"

namespace provisioning {

std::string_view RowOutcomeName(RowOutcome outcome) {
  switch (outcome) {
    case RowOutcome::kRejected:
      return "REJECTED";
    case RowOutcome::kDuplicateRow:
      return "DUPLICATE_ROW";
    case RowOutcome::kConflictingReplay:
      return "CONFLICTING_REPLAY";
    case RowOutcome::kAlreadyExists:
      return "ALREADY_EXISTS";
    case RowOutcome::kUpdated:
      return "UPDATED";
    case RowOutcome::kReissued:
      return "REISSUED";
    case RowOutcome::kCreated:
      return "CREATED";
    case RowOutcome::kValid:
      return "VALID";
  }
  return "";
}

}  // namespace provisioning
