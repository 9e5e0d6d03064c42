// SPDX-License-Identifier: Apache-2.0
#include "service/store/postgres/batch_settlement.h"

#include <algorithm>
#include <string>
#include <unordered_set>
#include <utility>

#include "service/store/postgres/account_lookup.h"
#include "service/store/postgres/client_columns.h"

namespace provisioning {
namespace {

#define CREATED                                                                             \
  "SELECT " CLIENT_COLUMNS                                                                  \
  " FROM client WHERE organization_id=$1 AND created_import=$2 AND created_row = ANY ($3) " \
  "AND state<>3"
#define EFFECTS                                                                       \
  "SELECT " CLIENT_COLUMNS                                                            \
  ", import_effect.row_number, import_effect.outcome FROM import_effect JOIN client " \
  "ON client.organization_id = import_effect.organization_id "                        \
  "AND client.client_id = import_effect.client_id "                                   \
  "WHERE import_effect.organization_id=$1 AND client.organization_id=$1 "             \
  "AND import_effect.import_id=$2 AND import_effect.row_number = ANY ($3) AND client.state<>3"
constexpr std::string_view created_sql = CREATED;
constexpr std::string_view locked_created_sql = CREATED LOCK_CLIENTS;
constexpr std::string_view effects_sql = EFFECTS;
constexpr std::string_view locked_effects_sql = EFFECTS LOCK_CLIENTS;
// What the server works on while the next rows are made ready.
constexpr std::size_t copied_bytes_at_once = 64 << 10;

bool MayCreate(const ImportBatch& batch, const PreparedRow& row) {
  return DecideNewRow(batch, row, std::nullopt).action == RowAction::kCreateAccount;
}

}  // namespace

BatchSettlement::BatchSettlement(PostgresTransaction& transaction, const ImportBatch& batch,
                                 std::span<const Uuid> client_ids, const Limit& limit)
    : transaction_(transaction),
      batch_(batch),
      client_ids_(client_ids),
      rows_(std::span(batch.rows).first(std::min(limit.rows_max, batch.rows.size()))) {
  if (rows_.size() < batch.rows.size()) answer_.stop = limit.stop;
}

absl::Status BatchSettlement::Run() {
  absl::Status status = LockRecord();
  if (status.ok()) status = ReadReplays();
  if (status.ok()) status = ReadAccountsWithoutCredential();
  if (!status.ok()) return status;
  StopBeforeUnprepared();
  status = InsertNew();
  if (!status.ok()) return status;
  DecideAll();
  if (rows_to_settle_) return absl::OkStatus();
  writes_.RunLater(batch_, transaction_);
  return record_->Finish(answer_, transaction_);
}

absl::Status BatchSettlement::LockRecord() {
  auto found = transaction_.FindImport(batch_.key);
  if (!found.ok()) return found.status();
  auto record = BatchRecord::Begin(batch_, *std::move(found));
  if (!record.ok()) return record.status();
  record_ = *std::move(record);
  const auto is_new = [this](const PreparedRow& row) { return record_->IsNew(row); };
  replays_ = static_cast<std::size_t>(std::ranges::find_if(rows_, is_new) - rows_.begin());
  if (replays_ < rows_.size() && !record_->takes_new_rows()) {
    rows_ = rows_.first(replays_);
    answer_.stop = BatchStop::kImportComplete;
  }
  return absl::OkStatus();
}

absl::Status BatchSettlement::ReadReplays() {
  if (replays_ == 0) return absl::OkStatus();
  SqlArray numbers(SqlType::kNumber);
  bool locks = false;
  for (const PreparedRow& row : rows_.first(replays_)) {
    numbers.Number(row.row.row_number());
    locks = locks || row.credential;
  }
  SqlParams params;
  params.Text(batch_.key.organization_id.value()).Id(batch_.key.import_id).Array(numbers);
  const auto created = transaction_.Run({locks ? locked_created_sql : created_sql, params});
  if (!created.ok()) return created.status();
  const auto effects =
      transaction_.Run({locks ? locked_effects_sql : effects_sql, std::move(params)});
  if (!effects.ok()) return effects.status();
  for (int i = 0; i < created->rows(); ++i) {
    AccountFacts account = ReadFacts(*created, i);
    const std::int64_t row_number = account.created_by->row_number;
    replayed_.created.emplace(row_number, std::move(account));
  }
  for (int i = 0; i < effects->rows(); ++i) {
    AccountFacts account = ReadFacts(*effects, i);
    account.changed_by_row = effects->Number(i, client_column_count);
    const auto outcome = static_cast<RowOutcome>(effects->Number(i, client_column_count + 1));
    replayed_.effects.emplace(account.changed_by_row, RowEffect{outcome, std::move(account)});
  }
  return absl::OkStatus();
}

absl::Status BatchSettlement::ReadAccountsWithoutCredential() {
  std::vector<std::size_t> indexes;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const PreparedRow& row = rows_[i];
    if (!row.row.accepted()) continue;
    const std::int64_t number = row.row.row_number();
    const bool wanted =
        i < replays_ ? !replayed_.created.contains(number) && !replayed_.effects.contains(number)
                     : !MayCreate(batch_, row);
    if (wanted) indexes.push_back(i);
  }
  return ReadAccounts(indexes);
}

void BatchSettlement::StopBeforeUnprepared() {
  std::unordered_set<std::string_view> to_be_made;
  for (std::size_t i = replays_; i < rows_.size(); ++i) {
    const PreparedRow& row = rows_[i];
    const std::string_view address = row.row.email_address();
    const RowDecision decision = DecideNewRow(batch_, row, std::nullopt);
    if (decision.action == RowAction::kCreateAccount) {
      if (to_be_made.insert(address).second) candidates_.push_back(i);
    } else if (decision.action == RowAction::kPrepareCredential && !accounts_.contains(address) &&
               !to_be_made.contains(address)) {
      rows_ = rows_.first(i);
      answer_.stop = BatchStop::kNeedsCredential;
      return;
    }
  }
}

absl::Status BatchSettlement::InsertNew() {
  inserted_.assign(rows_.size(), false);
  if (candidates_.empty()) return absl::OkStatus();
  // In the order of the key, as every transaction does, so that two of them do not
  // wait for each other crosswise.
  std::ranges::sort(candidates_, {}, [this](std::size_t i) -> const std::string& {
    return rows_[i].row.email_address();
  });
  // Who makes one of them meanwhile makes the COPY fail, and is seen the next time.
  if (absl::Status status = ReadAccounts(candidates_); !status.ok()) return status;
  std::vector<std::size_t> absent;
  for (const std::size_t i : candidates_) {
    if (!accounts_.contains(rows_[i].row.email_address())) absent.push_back(i);
  }
  if (absent.empty()) return absl::OkStatus();
  for (const std::size_t i : absent) inserted_[i] = true;

  const ClientCopy copy(batch_);
  std::size_t next = 0;
  return transaction_.CopyIn(ClientCopy::sql, [&](std::string& out) {
    if (next == 0) ClientCopy::Begin(out);
    while (next < absent.size() && out.size() < copied_bytes_at_once) {
      const std::size_t i = absent[next++];
      copy.Add(rows_[i], client_ids_[i], out);
    }
    if (next < absent.size()) return true;
    ClientCopy::End(out);
    return false;
  });
}

absl::Status BatchSettlement::ReadAccounts(const std::vector<std::size_t>& indexes) {
  if (indexes.empty()) return absl::OkStatus();
  SqlArray addresses(SqlType::kText);
  std::unordered_map<std::string_view, std::string_view> kept;  // In memory that stays.
  for (const std::size_t i : indexes) {
    const std::string& address = rows_[i].row.email_address();
    if (kept.emplace(address, address).second) addresses.Text(address);
  }
  const auto result = transaction_.Run(
      FindByEmail(batch_.key.organization_id, addresses, batch_.key.import_id, locks_accounts()));
  if (!result.ok()) return result.status();
  for (int i = 0; i < result->rows(); ++i) {
    AccountFacts account = ReadFound(*result, i);
    const auto address = kept.find(account.email_address);
    if (address != kept.end()) accounts_.insert_or_assign(address->second, std::move(account));
  }
  return absl::OkStatus();
}

void BatchSettlement::DecideAll() {
  answer_.answers.reserve(rows_.size());
  for (const PreparedRow& row : rows_.first(replays_)) DecideReplayed(row);
  for (std::size_t i = replays_; i < rows_.size(); ++i) {
    if (DecideNew(i)) continue;
    answer_.stop = BatchStop::kNeedsCredential;
    const bool too_much = std::ranges::find(inserted_.begin() + static_cast<std::ptrdiff_t>(i),
                                            inserted_.end(), true) != inserted_.end();
    if (too_much) rows_to_settle_ = i;
    return;
  }
}

bool BatchSettlement::DecideNew(std::size_t index) {
  const PreparedRow& row = rows_[index];
  const auto found = accounts_.find(row.row.email_address());
  RowDecision decision;
  if (inserted_[index]) {
    decision = DecideNewRow(batch_, row, std::nullopt);
    decision.answer.client_id = client_ids_[index];
    // From here on, and not for the rows before it.
    AccountFacts account;
    account.client_id = client_ids_[index];
    account.created_by = RowReference{batch_.key.import_id, row.row.row_number()};
    accounts_.insert_or_assign(row.row.email_address(), std::move(account));
  } else {
    const bool there = row.row.accepted() && found != accounts_.end();
    decision = DecideNewRow(batch_, row, there ? std::optional(found->second) : std::nullopt);
  }
  if (decision.action == RowAction::kPrepareCredential) return false;
  Apply(row, decision);
  record_->Answer(row, decision, answer_);
  return true;
}

void BatchSettlement::DecideReplayed(const PreparedRow& row) {
  const std::int64_t number = row.row.row_number();
  ReplayFacts facts;
  if (const auto found = replayed_.created.find(number); found != replayed_.created.end()) {
    facts.created_by_row = found->second;
  }
  if (const auto found = replayed_.effects.find(number); found != replayed_.effects.end()) {
    facts.effect_of_row = found->second;
  }
  const auto by_address = accounts_.find(row.row.email_address());
  if (row.row.accepted() && by_address != accounts_.end()) facts.by_address = by_address->second;
  const RowDecision decision = DecideReplay(batch_, row, facts);
  Apply(row, decision);
  record_->Answer(row, decision, answer_);
}

void BatchSettlement::Apply(const PreparedRow& row, const RowDecision& decision) {
  const Uuid& client_id = decision.answer.client_id;
  const std::int64_t number = row.row.row_number();
  switch (decision.action) {
    case RowAction::kNone:
    case RowAction::kCreateAccount:
    case RowAction::kPrepareCredential:
      return;
    case RowAction::kRenewPassword:
      // The same row sets it again.
      return writes_.SetCredential(client_id, *row.credential, number);
    case RowAction::kUpdateProfile:
    case RowAction::kReissue:
      break;
  }
  AccountFacts& account = accounts_.at(row.row.email_address());
  if (decision.action == RowAction::kReissue) {
    writes_.SetCredential(client_id, *row.credential, number);
  } else {
    writes_.UpdateProfile(client_id, MergedProfile(account.profile, row.row.profile()));
  }
  writes_.AddEffect(number, client_id, decision.answer.outcome);
  account.changed_by_row = number;
}

}  // namespace provisioning
