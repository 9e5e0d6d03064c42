// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "service/model/error.h"
#include "service/store/identity_store.h"
#include "tests/store_contract/test_rows.h"
#include "tests/support/fake_clock.h"

namespace provisioning {

// Unless told otherwise, the service makes the passwords.
ImportOptions With(ExistingAccount policy,
                   MissingPassword missing_password = MissingPassword::kGenerate);

// Who sends a TestImport's rows.
inline const Caller import_caller{"importer"};

// An import and the stream that works at it.
class TestImport {
 public:
  TestImport(IdentityStore& store, const FakeClock& clock, OrganizationId organization_id,
             ImportOptions options = With(ExistingAccount::kReport));

  ImportClaim MakeClaim() const;
  // If it succeeds, batches carry its epoch from now on.
  absl::StatusOr<ClaimedImport> TryClaim(std::optional<std::int64_t> answered_through_row);
  // A claim that must succeed; batches carry its epoch from now on.
  ClaimedImport Claim(std::optional<std::int64_t> answered_through_row = std::nullopt);

  std::shared_ptr<ImportBatch> MakeBatch(std::vector<PreparedRow> rows) const;
  absl::StatusOr<BatchAnswer> Commit(std::shared_ptr<const ImportBatch> batch) const;

  // The answers to rows that must all be settled.
  std::vector<RowAnswer> Settle(const std::vector<TestRow>& rows,
                                TestCredential credential = TestCredential::kGenerated) const;
  RowAnswer SettleOne(const TestRow& row,
                      TestCredential credential = TestCredential::kGenerated) const {
    return Settle({row}, credential).at(0);
  }
  void Complete() const;
  ImportRecord Record() const;

  const ImportKey& key() const { return key_; }
  void set_store(IdentityStore& store) { store_ = &store; }

 private:
  IdentityStore* store_;
  const FakeClock& clock_;
  const ImportKey key_;
  const ImportOptions options_;
  std::int64_t epoch_ = 0;
};

// Commits and waits for the answer.
absl::StatusOr<BatchAnswer> CommitAndWait(IdentityStore& store,
                                          std::shared_ptr<const ImportBatch> batch);

std::vector<RowOutcome> Outcomes(const std::vector<RowAnswer>& answers);

MATCHER_P(HasReason, reason, "") {
  *result_listener << "which is " << absl::Status(arg).ToString();
  return ReasonOf(arg) == reason;
}

}  // namespace provisioning
