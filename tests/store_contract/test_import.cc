// SPDX-License-Identifier: Apache-2.0
#include "tests/store_contract/test_import.h"

#include <future>
#include <utility>

namespace provisioning {

TestImport::TestImport(IdentityStore& store, const FakeClock& clock, OrganizationId organization_id,
                       ImportOptions options)
    : store_(&store),
      clock_(clock),
      key_{std::move(organization_id), Uuid::NewV7(clock.Now())},
      options_(std::move(options)) {}

ImportClaim TestImport::MakeClaim() const {
  return {.key = key_,
          .options = options_,
          .session_id = "",
          .attempt = 0,
          .answered_through_row = std::nullopt,
          .now = clock_.Now(),
          .caller = import_caller};
}

absl::StatusOr<ClaimedImport> TestImport::TryClaim(
    std::optional<std::int64_t> answered_through_row) {
  ImportClaim claim = MakeClaim();
  claim.answered_through_row = answered_through_row;
  const auto claimed = store_->ClaimImport(claim);
  if (claimed.ok()) epoch_ = claimed->epoch;
  return claimed;
}

ClaimedImport TestImport::Claim(std::optional<std::int64_t> answered_through_row) {
  const auto claimed = TryClaim(answered_through_row);
  EXPECT_TRUE(claimed.ok()) << claimed.status();
  return claimed.value();
}

std::shared_ptr<ImportBatch> TestImport::MakeBatch(std::vector<PreparedRow> rows) const {
  const absl::Time now = clock_.Now();
  return std::make_shared<ImportBatch>(
      ImportBatch{.key = key_,
                  .epoch = epoch_,
                  .missing_password = options_.missing_password,
                  .existing_account = options_.existing_account,
                  .now = now,
                  .password_expires_at = now + options_.temporary_password_ttl,
                  .rows = std::move(rows),
                  .caller = import_caller});
}

absl::StatusOr<BatchAnswer> CommitAndWait(IdentityStore& store,
                                          std::shared_ptr<const ImportBatch> batch) {
  std::promise<absl::StatusOr<BatchAnswer>> promise;
  auto answer = promise.get_future();
  store.Commit(std::move(batch), [&promise](absl::StatusOr<BatchAnswer> result) {
    promise.set_value(std::move(result));
  });
  return answer.get();
}

absl::StatusOr<BatchAnswer> TestImport::Commit(std::shared_ptr<const ImportBatch> batch) const {
  return CommitAndWait(*store_, std::move(batch));
}

std::vector<RowAnswer> TestImport::Settle(const std::vector<TestRow>& rows,
                                          TestCredential credential) const {
  std::vector<PreparedRow> prepared;
  prepared.reserve(rows.size());
  for (const TestRow& row : rows) prepared.push_back(Prepare(row, credential));
  const auto answer = Commit(MakeBatch(std::move(prepared)));
  EXPECT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->stop, BatchStop::kNone);
  EXPECT_EQ(answer->answers.size(), rows.size());
  return answer->answers;
}

void TestImport::Complete() const {
  auto batch = MakeBatch({});
  batch->completes_import = true;
  ASSERT_TRUE(Commit(batch).ok());
}

ImportRecord TestImport::Record() const {
  const auto record = store_->GetImport(key_);
  EXPECT_TRUE(record.ok()) << record.status();
  return record->value();
}

ImportOptions With(ExistingAccount policy, MissingPassword missing_password) {
  ImportOptions options;
  options.existing_account = policy;
  options.missing_password = missing_password;
  return options;
}

std::vector<RowOutcome> Outcomes(const std::vector<RowAnswer>& answers) {
  std::vector<RowOutcome> outcomes;
  for (const RowAnswer& answer : answers) outcomes.push_back(answer.outcome);
  return outcomes;
}

}  // namespace provisioning
