// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service/model/row_result.h"

namespace provisioning {

// The outcomes that a settled row can have, in the order of their columns.
inline constexpr RowOutcome counted_outcomes[] = {
    RowOutcome::kRejected, RowOutcome::kDuplicateRow, RowOutcome::kAlreadyExists,
    RowOutcome::kUpdated,  RowOutcome::kReissued,     RowOutcome::kCreated};

}  // namespace provisioning
