// SPDX-License-Identifier: Apache-2.0
#include "tests/load/answer_check.h"

#include <algorithm>
#include <functional>

#include "absl/strings/str_cat.h"

namespace provisioning {
namespace {

constexpr std::size_t uuid_characters = 36;

WrongAnswer Wrong(WrongKind kind, const v1::RowResult& result, const std::string& what) {
  return {kind, absl::StrCat("row ", result.row_number(), ": ", what)};
}

std::string OutcomeName(v1::RowOutcome outcome) {
  const std::string& name = v1::RowOutcome_Name(outcome);
  if (name.empty()) return absl::StrCat("outcome ", static_cast<int>(outcome));
  return name.substr(std::size("ROW_OUTCOME_") - 1);
}

bool Blames(const v1::RowResult& result, const char* field) {
  return std::ranges::any_of(result.violations(), [field](const v1::FieldIssue& violation) {
    return violation.field() == field;
  });
}

std::optional<WrongAnswer> CheckPassword(const RowPlan& plan, const v1::RowResult& result) {
  const bool made = result.outcome() == v1::ROW_OUTCOME_CREATED;
  const bool generated = made && !plan.provided;
  if (generated && result.temporary_password().empty()) {
    return Wrong(WrongKind::kPasswordMissing, result, "no temporary password was returned");
  }
  if (!generated && !result.temporary_password().empty()) {
    return Wrong(WrongKind::kPasswordUnexpected, result,
                 absl::StrCat(OutcomeName(result.outcome()), " with a temporary password"));
  }
  if (made && !result.has_password_expires_at()) {
    return Wrong(WrongKind::kPasswordMissing, result, "CREATED without password_expires_at");
  }
  return std::nullopt;
}

std::optional<WrongAnswer> CheckClient(const v1::RowResult& result, bool validate_only) {
  bool has_client = false;
  switch (result.outcome()) {
    case v1::ROW_OUTCOME_CREATED:
    case v1::ROW_OUTCOME_ALREADY_EXISTS:
      has_client = true;
      break;
    case v1::ROW_OUTCOME_DUPLICATE_ROW:
      has_client = !validate_only;
      break;
    default:
      break;
  }
  if (result.client_id().size() == (has_client ? uuid_characters : 0)) return std::nullopt;
  return Wrong(
      WrongKind::kClient, result,
      absl::StrCat(OutcomeName(result.outcome()), " with client_id \"", result.client_id(), "\""));
}

}  // namespace

std::size_t AddressMark(const std::string& address) { return std::hash<std::string>()(address); }

std::optional<WrongAnswer> CheckResult(const RowPlan& plan, std::size_t address,
                                       const v1::RowResult& result, bool validate_only) {
  const v1::RowOutcome expected = ExpectedOutcome(plan.kind, validate_only);
  if (result.outcome() != expected) {
    return Wrong(
        WrongKind::kOutcome, result,
        absl::StrCat(OutcomeName(result.outcome()), " instead of ", OutcomeName(expected)));
  }
  if (plan.kind == RowKind::kInvalid && !Blames(result, FieldOfFault(plan.fault))) {
    return Wrong(WrongKind::kViolations, result,
                 absl::StrCat("no violation of ", FieldOfFault(plan.fault)));
  }
  if (plan.kind != RowKind::kInvalid && AddressMark(result.email_address()) != address) {
    return Wrong(WrongKind::kAddress, result, "another address than was sent");
  }
  if (result.first_row_number() != plan.first_row) {
    return Wrong(WrongKind::kFirstRow, result,
                 absl::StrCat("first_row_number ", result.first_row_number(), " instead of ",
                              plan.first_row));
  }
  if (auto wrong = CheckClient(result, validate_only)) return wrong;
  return CheckPassword(plan, result);
}

std::optional<WrongAnswer> CheckReplay(const v1::RowResult& first, const v1::RowResult& second) {
  if (!second.replayed()) {
    return Wrong(WrongKind::kReplay, second, "sent again after its result, answered as new");
  }
  if (second.outcome() != first.outcome() || second.client_id() != first.client_id() ||
      second.first_row_number() != first.first_row_number()) {
    return Wrong(
        WrongKind::kReplay, second,
        absl::StrCat("first ", OutcomeName(first.outcome()), " ", first.client_id(),
                     ", sent again ", OutcomeName(second.outcome()), " ", second.client_id()));
  }
  const bool renewed = first.temporary_password() != second.temporary_password();
  if (!first.temporary_password().empty() && !renewed) {
    return Wrong(WrongKind::kReplay, second, "the lost password came again instead of a fresh one");
  }
  return std::nullopt;
}

}  // namespace provisioning
