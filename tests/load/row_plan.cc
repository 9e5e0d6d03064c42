// SPDX-License-Identifier: Apache-2.0
#include "tests/load/row_plan.h"

#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/bench/random_rows.h"
#include "tests/load/random_bits.h"

namespace provisioning {
namespace {

struct Fault {
  const char* field;
  void (*apply)(v1::ClientRow& row);
};

constexpr Fault faults[] = {
    {"email_address", [](v1::ClientRow& row) { row.mutable_email_address()->front() = 'Q'; }},
    {"email_address",
     [](v1::ClientRow& row) {
       std::string& address = *row.mutable_email_address();
       address.erase(address.find('@'), 1);
     }},
    {"birthdate", [](v1::ClientRow& row) { row.set_birthdate("19990230"); }},
    {"gender", [](v1::ClientRow& row) { row.set_gender("X"); }},
    {"last_name", [](v1::ClientRow& row) { row.clear_last_name(); }},
    {"first_name", [](v1::ClientRow& row) { row.set_first_name("bell \a"); }},
    {"initial_password", [](v1::ClientRow& row) { row.set_initial_password("short"); }},
};
static_assert(std::size(faults) == row_fault_count);

}  // namespace

const char* FieldOfFault(int fault) { return faults[fault].field; }

v1::ClientRow MakeRow(const RowPlan& plan, std::uint64_t address_seed) {
  v1::ClientRow row = RandomRow(plan.person, address_seed);
  row.set_row_number(plan.number);
  if (plan.provided) {
    const std::uint64_t bits = RandomBits(address_seed, static_cast<std::uint64_t>(plan.person));
    row.set_initial_password(absl::StrCat("load ", absl::Hex(bits, absl::kZeroPad16)));
  }
  if (plan.kind == RowKind::kInvalid) faults[plan.fault].apply(row);
  return row;
}

v1::RowOutcome ExpectedOutcome(RowKind kind, bool validate_only) {
  switch (kind) {
    case RowKind::kNew:
      return validate_only ? v1::ROW_OUTCOME_VALID : v1::ROW_OUTCOME_CREATED;
    case RowKind::kInvalid:
      return v1::ROW_OUTCOME_REJECTED;
    case RowKind::kDuplicate:
      return v1::ROW_OUTCOME_DUPLICATE_ROW;
    case RowKind::kExisting:
      return v1::ROW_OUTCOME_ALREADY_EXISTS;
  }
  return v1::ROW_OUTCOME_UNSPECIFIED;
}

}  // namespace provisioning
