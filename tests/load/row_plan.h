// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "provisioning/v1/client_row.pb.h"

namespace provisioning {

// What a row is, and so what must be answered to it.
enum class RowKind : std::uint8_t {
  kNew,        // A person that nobody has: CREATED, or VALID.
  kInvalid,    // REJECTED.
  kDuplicate,  // The address of a new row above it in its import: DUPLICATE_ROW.
  kExisting,   // The address of a client that another import of the run made: ALREADY_EXISTS.
};

// Everything that makes a row, in little memory, so that it can be sent again.
struct RowPlan {
  std::int64_t number = 0;
  std::int64_t person = 0;     // Whose address it has; unique within the run.
  std::int64_t first_row = 0;  // Only kDuplicate.
  RowKind kind = RowKind::kNew;
  std::uint8_t fault = 0;  // Only kInvalid: below row_fault_count.
  bool provided = false;   // It brings a password.
};

// In how many ways a row can be invalid.
inline constexpr int row_fault_count = 7;
// The field that this fault is in.
const char* FieldOfFault(int fault);

// The row, the same for the same plan and seed.
v1::ClientRow MakeRow(const RowPlan& plan, std::uint64_t address_seed);

// What must be answered.
v1::RowOutcome ExpectedOutcome(RowKind kind, bool validate_only);

}  // namespace provisioning
