// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "provisioning/v1/client_row.pb.h"
#include "tests/load/row_plan.h"
#include "tests/load/wrong_answer.h"

namespace provisioning {

// What is remembered of an address: enough to know it again.
std::size_t AddressMark(const std::string& address);

// What is wrong with the answer to this row; nothing: it is right. `address`: the
// mark of what was sent.
std::optional<WrongAnswer> CheckResult(const RowPlan& plan, std::size_t address,
                                       const v1::RowResult& result, bool validate_only);

// What is wrong with the second answer to a row whose first one was thrown away.
std::optional<WrongAnswer> CheckReplay(const v1::RowResult& first, const v1::RowResult& second);

}  // namespace provisioning
