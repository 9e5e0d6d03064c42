// SPDX-License-Identifier: Apache-2.0
#include "tests/fault/import_plan.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "service/model/uuid.h"

namespace provisioning {
namespace {

constexpr char given_password[] = "correct horse battery staple";

v1::ClientRow MakeRow(std::int64_t number, const std::string& name, const std::string& last_name) {
  v1::ClientRow row;
  row.set_row_number(number);
  row.set_email_address(absl::StrCat(name, "@practice.example"));
  row.set_first_name("Ada");
  row.set_last_name(last_name);
  return row;
}

v1::ImportStart MakeStart(std::mt19937_64& random) {
  v1::ImportStart start;
  start.set_organization_id("practice");
  start.set_import_id(Uuid::NewV7(absl::Now()).ToString());
  start.set_session_id(absl::StrCat("session-", random()));
  return start;
}

// Adds a row; a repeated address becomes a duplicate of its first row.
class PlanBuilder {
 public:
  explicit PlanBuilder(ImportPlan& plan) : plan_(plan) {}

  void Add(v1::ClientRow row, v1::RowOutcome outcome) {
    const auto first = first_rows_.find(row.email_address());
    std::int64_t first_row = 0;
    if (outcome != v1::ROW_OUTCOME_REJECTED && first != first_rows_.end()) {
      outcome = v1::ROW_OUTCOME_DUPLICATE_ROW;
      first_row = first->second;
    }
    const bool writes = outcome == v1::ROW_OUTCOME_CREATED || outcome == v1::ROW_OUTCOME_UPDATED ||
                        outcome == v1::ROW_OUTCOME_REISSUED;
    if (writes) first_rows_.emplace(row.email_address(), row.row_number());
    plan_.rows.push_back({std::move(row), outcome, first_row});
  }

 private:
  ImportPlan& plan_;
  std::map<std::string, std::int64_t> first_rows_;
};

// New clients, with bad, repeated and existing ones among them.
void AddNewClients(ImportPlan& plan, const std::string& prefix, int count, bool provided) {
  PlanBuilder builder(plan);
  for (int i = 0; i < count; ++i) {
    const std::int64_t number = 3 * i + 1;
    std::string name = absl::StrCat(prefix, i % 17 == 16 ? i - 5 : i);
    v1::RowOutcome outcome = v1::ROW_OUTCOME_CREATED;
    if (i % 29 == 28) {
      name = absl::StrCat("old", i % old_client_count);
      outcome = v1::ROW_OUTCOME_ALREADY_EXISTS;
    }
    v1::ClientRow row = MakeRow(number, name, "Byron");
    if (i % 23 == 22) {
      row.set_birthdate("20230229");
      outcome = v1::ROW_OUTCOME_REJECTED;
    }
    if (provided) row.set_initial_password(given_password);
    builder.Add(std::move(row), outcome);
  }
}

// Old clients in the range, each once and some twice.
void AddOldClients(ImportPlan& plan, int first, const std::string& last_name,
                   v1::RowOutcome outcome) {
  PlanBuilder builder(plan);
  std::int64_t number = 0;
  for (int i = first; i < first + old_client_count / 2; ++i) {
    builder.Add(MakeRow(++number, absl::StrCat("old", i), last_name), outcome);
    if (i % 9 == 0) builder.Add(MakeRow(++number, absl::StrCat("old", i), last_name), outcome);
  }
}

}  // namespace

ImportPlan PlanOldClients(std::mt19937_64& random) {
  ImportPlan plan;
  plan.start = MakeStart(random);
  plan.start.set_missing_password(v1::MISSING_PASSWORD_GENERATE);
  for (int i = 0; i < old_client_count; ++i) {
    plan.rows.push_back({MakeRow(i + 1, absl::StrCat("old", i), "Byron"), v1::ROW_OUTCOME_CREATED});
  }
  return plan;
}

ImportPlan MakePlan(PlanKind kind, int sequence, std::mt19937_64& random) {
  ImportPlan plan;
  plan.start = MakeStart(random);
  switch (kind) {
    case PlanKind::kGenerated:
      plan.start.set_missing_password(v1::MISSING_PASSWORD_GENERATE);
      AddNewClients(plan, absl::StrCat("g", sequence, "-"), 1500, false);
      break;
    case PlanKind::kProvided:
      AddNewClients(plan, absl::StrCat("p", sequence, "-"), 60, true);
      break;
    case PlanKind::kUpdate:
      plan.start.set_existing_account(v1::EXISTING_ACCOUNT_UPDATE_PROFILE);
      AddOldClients(plan, 0, absl::StrCat("Name", sequence), v1::ROW_OUTCOME_UPDATED);
      break;
    case PlanKind::kReissue:
      plan.start.set_missing_password(v1::MISSING_PASSWORD_GENERATE);
      plan.start.set_existing_account(v1::EXISTING_ACCOUNT_REISSUE_PENDING);
      AddOldClients(plan, old_client_count / 2, "Byron", v1::ROW_OUTCOME_REISSUED);
      break;
  }
  return plan;
}

}  // namespace provisioning
