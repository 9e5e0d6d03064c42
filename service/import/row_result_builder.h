// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service/import/ready_row.h"
#include "service/model/row_result.h"
#include "service/store/identity_store.h"

namespace provisioning {

// What the caller is told of a settled row. Takes the generated password out of
// `row` if the account has it now.
RowResult BuildRowResult(ReadyRow& row, const RowAnswer& answer);

}  // namespace provisioning
