// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service/import/ready_row.h"
#include "service/model/row_result.h"
#include "service/store/identity_store.h"

namespace provisioning {

// What the caller is told of a settled row. Takes the address out of `row`, and
// the generated password out of `memo` if the account has it now.
RowResult BuildRowResult(CheckedRow& row, RowMemo& memo, const RowAnswer& answer);

}  // namespace provisioning
