// SPDX-License-Identifier: Apache-2.0
#include "service/import/validator.h"

#include <string>
#include <utility>

#include "service/import/row_result_builder.h"
#include "service/store/row_decision.h"

namespace provisioning {

Validator::Validator(IdentityStore& store, const CredentialFactory& factory,
                     const StreamStart& start, const Limits& limits,
                     std::atomic<std::int64_t>& rows_remembered)
    : store_(store),
      limits_(limits),
      rows_remembered_(rows_remembered),
      options_{.key = {start.organization_id, start.import_id},
               .missing_password = start.options.missing_password,
               .existing_account = start.options.existing_account},
      any_credential_(factory.Generate().credential),
      organization_id_(start.organization_id),
      generates_(start.options.missing_password == MissingPassword::kGenerate) {}

Validator::~Validator() { rows_remembered_ -= static_cast<std::int64_t>(first_rows_.size()); }

absl::StatusOr<std::vector<RowResult>> Validator::Answer(std::vector<ReadyRow> rows) {
  std::vector<std::string> addresses;
  addresses.reserve(rows.size());
  for (const ReadyRow& row : rows) {
    if (row.prepared.row.accepted()) addresses.push_back(row.prepared.row.email_address());
  }
  auto accounts = store_.FindAccounts(organization_id_, addresses, std::nullopt);
  if (!accounts.ok()) return accounts.status();
  std::vector<RowResult> results;
  results.reserve(rows.size());
  auto account = accounts->begin();
  for (ReadyRow& row : rows) {
    const bool accepted = row.prepared.row.accepted();
    results.push_back(AnswerRow(row, accepted ? *account++ : std::nullopt));
  }
  return results;
}

RowResult Validator::AnswerRow(ReadyRow& row, const std::optional<AccountFacts>& account) {
  CheckedRow& checked = row.prepared.row;
  if (remembers_all_) checked_through_row_ = checked.row_number();
  RowAnswer answer;
  if (!checked.accepted()) return BuildRowResult(checked, row.memo, answer);
  const absl::uint128 fingerprint = fingerprint_.Of(checked.email_address());
  if (const auto first = first_rows_.find(fingerprint); first != first_rows_.end()) {
    answer.outcome = RowOutcome::kDuplicateRow;
    answer.first_row_number = first->second;
    return BuildRowResult(checked, row.memo, answer);
  }
  // Lent: a copy for each row would cost more than the decision.
  const bool lent = !checked.imported_hash() && (checked.has_password() || generates_);
  if (lent) row.prepared.credential.swap(any_credential_);
  if (checked.imported_hash()) {
    row.prepared.credential = CredentialFactory::Imported(checked.TakeImportedHash());
  }
  const RowDecision decision = DecideNewRow(options_, row.prepared, account);
  if (lent) row.prepared.credential.swap(any_credential_);
  answer = decision.answer;
  answer.credential_set = false;
  answer.password_expires_at = absl::InfinitePast();
  if (answer.outcome == RowOutcome::kCreated) {
    answer.outcome = RowOutcome::kValid;
    answer.client_id = Uuid();
  }
  if (decision.action != RowAction::kNone) Remember(fingerprint, checked.row_number());
  return BuildRowResult(checked, row.memo, answer);
}

// A row that would write: later rows with its address are duplicates.
void Validator::Remember(absl::uint128 fingerprint, std::int64_t row_number) {
  if (static_cast<std::int64_t>(first_rows_.size()) >= limits_.stream_rows_max ||
      rows_remembered_ >= limits_.all_streams_rows_max) {
    // From here on some duplicates may be missed, so none is promised.
    remembers_all_ = false;
    return;
  }
  if (first_rows_.emplace(fingerprint, row_number).second) ++rows_remembered_;
}

}  // namespace provisioning
