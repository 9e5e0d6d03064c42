// SPDX-License-Identifier: Apache-2.0
// An import that is only tried: the same answers, and nothing is written.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/model/error.h"
#include "tests/support/import_fixture.h"
#include "tests/support/raw_database.h"
#include "tests/support/row_results.h"

namespace provisioning {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;

class ValidateOnlyTest : public ImportFixture {
 protected:
  StreamStart Validation(const StreamStart& start) {
    StreamStart validation = start;
    validation.validate_only = true;
    validation.import_id = Uuid();
    return validation;
  }

  // pending1 to pending4 with temporary passwords, active1 and active2 without.
  void MakeClients() {
    std::vector<ClientRow> rows;
    for (const char* name :
         {"pending1", "pending2", "pending3", "pending4", "active1", "active2"}) {
      rows.push_back(MakeRow(static_cast<std::int64_t>(rows.size()) + 1, name));
    }
    ASSERT_TRUE(Import(GeneratingStart(), std::move(rows)).status.ok());
    RawDatabase database(database_path());
    database.Activate("active1@practice.example");
    database.Activate("active2@practice.example");
  }
};

// One of everything, with and without a password.
std::vector<ClientRow> MixedRows() {
  std::vector<ClientRow> rows;
  const auto add = [&rows](const std::string& name, std::string_view password = "") -> ClientRow& {
    rows.push_back(MakeRow(static_cast<std::int64_t>(rows.size()) + 1, name, password));
    return rows.back();
  };
  add("new1");
  add("new2", "correct horse battery");
  add("pending1").last_name = "Lovelace";
  add("pending2", "correct horse battery");
  add("active1").first_name = "Augusta";
  add("active2", "correct horse battery").gender = "";
  add("new1").last_name = "Again";
  add("new2", "correct horse battery");
  add("pending1").last_name = "Somebody";
  add("pending2", "correct horse battery").last_name = "Somebody";
  add("active1", "correct horse battery").first_name = "Ada Augusta";
  add("active2").last_name = "Somebody";
  add("rejected", "correct horse battery").gender = "X";
  add("rejected", "short").birthdate = "99999999";
  // The rows that were rejected do not make it a duplicate.
  add("rejected", "correct horse battery");
  add("pending3", "12345678").birthdate = "";
  add("pending4").birthdate = "";
  add(" new3 ", "password1");
  add("new3@", "correct horse battery");
  add("new4", "password1").first_name = "  Ada ";
  const auto add_hash = [&](const std::string& name, std::string_view password = "") {
    add(name, password).password_hash = SecretString(bcrypt_of_allmine);
  };
  add_hash("new5");
  add_hash("new5");
  add("new5", "correct horse battery");
  add_hash("pending4");
  add_hash("active2");
  add_hash("new6", "correct horse battery");
  add("new6").password_hash = SecretString("correct horse battery");
  add("new6", bcrypt_of_allmine);
  add_hash("new7");
  rows.back().last_name = "Somebody";
  return rows;
}

using Policy = std::tuple<ExistingAccount, MissingPassword>;

class SameAnswersTest : public ValidateOnlyTest, public testing::WithParamInterface<Policy> {};

TEST_P(SameAnswersTest, AsTheImportThatFollows) {
  MakeClients();
  StreamStart start = NewStart();
  std::tie(start.options.existing_account, start.options.missing_password) = GetParam();
  const std::vector<ClientRow> rows = MixedRows();
  const Answers tried = Import(Validation(start), CloneRows(rows), 7);
  ASSERT_TRUE(tried.status.ok()) << tried.status;
  const Answers done = Import(start, CloneRows(rows), 5);
  ASSERT_TRUE(done.status.ok()) << done.status;
  ASSERT_EQ(tried.results.size(), rows.size());
  ASSERT_EQ(done.results.size(), rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    SCOPED_TRACE(absl::StrCat("row ", i + 1));
    const RowResult& would = tried.results[i];
    const RowResult& was = done.results[i];
    const bool created = was.outcome == RowOutcome::kCreated;
    EXPECT_EQ(would.row_number, was.row_number);
    EXPECT_EQ(would.outcome, created ? RowOutcome::kValid : was.outcome)
        << RowOutcomeName(would.outcome) << " and then " << RowOutcomeName(was.outcome);
    EXPECT_EQ(would.email_address, was.email_address);
    EXPECT_EQ(would.first_row_number, was.first_row_number);
    EXPECT_EQ(would.violations, was.violations);
    EXPECT_EQ(would.warnings, was.warnings);
    EXPECT_TRUE(would.temporary_password.empty());
    EXPECT_EQ(would.password_expires_at, absl::InfinitePast());
    EXPECT_FALSE(would.replayed);
    if (was.outcome != RowOutcome::kDuplicateRow) {
      EXPECT_EQ(would.client_id, created ? Uuid() : was.client_id);
    }
  }
  // The rows do try what they are there for.
  EXPECT_GE(done.summary->rows[RowOutcome::kRejected], 2);
  EXPECT_GE(done.summary->rows[RowOutcome::kDuplicateRow], 1);
  EXPECT_GE(done.summary->rows[RowOutcome::kCreated], 2);
}

INSTANTIATE_TEST_SUITE_P(
    Policies, SameAnswersTest,
    testing::Combine(testing::Values(ExistingAccount::kReport, ExistingAccount::kUpdateProfile,
                                     ExistingAccount::kReissuePending),
                     testing::Values(MissingPassword::kReject, MissingPassword::kGenerate)));

TEST_F(ValidateOnlyTest, WritesNothing) {
  const auto bytes = [this] {
    std::ifstream file(database_path(), std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  const auto log_bytes = [this] {
    std::error_code none;
    const auto size = std::filesystem::file_size(database_path() + "-wal", none);
    return none ? 0 : size;
  };
  MakeClients();
  // A closed store has written its log back, and says all in one file.
  Close();
  const std::string before = bytes();
  (void)core();
  const auto log_before = log_bytes();
  for (const auto existing : {ExistingAccount::kReport, ExistingAccount::kUpdateProfile,
                              ExistingAccount::kReissuePending}) {
    StreamStart start = GeneratingStart();
    start.options.existing_account = existing;
    ASSERT_TRUE(Import(Validation(start), MixedRows()).status.ok());
  }
  EXPECT_EQ(log_bytes(), log_before);
  const auto imports = store().ListImports(NewStart().organization_id, std::nullopt, 10);
  ASSERT_TRUE(imports.ok());
  EXPECT_EQ(imports->records.size(), 1U) << "the one that made the clients";
  Close();
  EXPECT_TRUE(bytes() == before);
}

TEST_F(ValidateOnlyTest, OpensNoImportAndStillWantsEnd) {
  StreamCaller caller(core());
  caller.Start(Validation(GeneratingStart()));
  caller.SendRows(MakeRows(1, 2));
  caller.Close();
  EXPECT_EQ(ReasonOf(caller.Wait()), ErrorReason::kEndMissing);
  EXPECT_EQ(caller.settled_at_start(), 0);
  EXPECT_EQ(caller.settled_at_end(), -1);
  EXPECT_THAT(OutcomesOf(caller.TakeResults()), Each(RowOutcome::kValid));
}

TEST_F(ValidateOnlyTest, DuplicatesAreFoundThroughTheLastRow) {
  std::vector<ClientRow> rows = MakeRows(1, 1000);
  rows[999].email_address = rows[0].email_address;
  const Answers answers = Import(Validation(GeneratingStart()), std::move(rows));
  EXPECT_EQ(answers.results[999].outcome, RowOutcome::kDuplicateRow);
  EXPECT_EQ(answers.results[999].first_row_number, 1);
  EXPECT_EQ(answers.summary->duplicates_checked_through_row, 1000);
}

// Rows 10, 20, ...: three are remembered, the fourth is compared and cannot be.
std::vector<ClientRow> FourClientsAndThreeDuplicates() {
  std::vector<ClientRow> rows;
  for (const char* name : {"a", "b", "c", "d", "a", "d", "c"}) {
    rows.push_back(MakeRow(10 * (static_cast<std::int64_t>(rows.size()) + 1), name));
  }
  return rows;
}

TEST_F(ValidateOnlyTest, DuplicatesAreExactUpToTheLimitOfAStream) {
  ImportCoreOptions options;
  options.progress_interval = absl::ZeroDuration();
  options.validated_stream_rows_max = 3;
  SetOptions(options);
  const Answers answers = Import(Validation(GeneratingStart()), FourClientsAndThreeDuplicates());
  EXPECT_THAT(
      OutcomesOf(answers.results),
      ElementsAre(RowOutcome::kValid, RowOutcome::kValid, RowOutcome::kValid, RowOutcome::kValid,
                  RowOutcome::kDuplicateRow, RowOutcome::kValid, RowOutcome::kDuplicateRow));
  EXPECT_EQ(answers.summary->duplicates_checked_through_row, 40);
  // With room for the fourth, all is found.
  options.validated_stream_rows_max = 4;
  SetOptions(options);
  const Answers all = Import(Validation(GeneratingStart()), FourClientsAndThreeDuplicates());
  EXPECT_EQ(all.summary->rows[RowOutcome::kDuplicateRow], 3);
  EXPECT_EQ(all.summary->duplicates_checked_through_row, 70);
}

TEST_F(ValidateOnlyTest, StreamsShareTheLimitOfTheServerAndGiveItBack) {
  ImportCoreOptions options;
  options.progress_interval = absl::ZeroDuration();
  options.validated_all_streams_rows_max = 5;
  SetOptions(options);
  {
    StreamCaller other(core());
    other.Start(Validation(GeneratingStart()));
    other.SendRows(MakeRows(1, 2));
    other.WaitForResults(2);
    EXPECT_EQ(core().validated_rows_remembered(), 2);
    const Answers answers = Import(Validation(GeneratingStart()), FourClientsAndThreeDuplicates());
    EXPECT_EQ(answers.summary->duplicates_checked_through_row, 40);
    EXPECT_EQ(core().validated_rows_remembered(), 2);
  }
  EXPECT_EQ(core().validated_rows_remembered(), 0);
  const Answers alone = Import(Validation(GeneratingStart()), FourClientsAndThreeDuplicates());
  EXPECT_EQ(alone.summary->duplicates_checked_through_row, 70);
  EXPECT_EQ(core().validated_rows_remembered(), 0);
}

TEST_F(ValidateOnlyTest, RowsThatWouldWriteNothingAreNotRemembered) {
  MakeClients();
  std::vector<ClientRow> rows;
  for (std::int64_t number = 1; number <= 10; ++number) {
    rows.push_back(MakeRow(number, "active1"));
    if (number % 2 == 0) rows.back().gender = "X";
  }
  StreamCaller caller(core());
  caller.Start(Validation(GeneratingStart()));
  caller.SendRows(std::move(rows));
  caller.WaitForResults(10);
  EXPECT_EQ(core().validated_rows_remembered(), 0);
}

TEST_F(ValidateOnlyTest, OrganizationsAreApart) {
  MakeClients();
  StreamStart other = GeneratingStart();
  other.organization_id = *OrganizationId::Parse("another");
  std::vector<ClientRow> rows;
  rows.push_back(MakeRow(1, "active1"));
  EXPECT_THAT(OutcomesOf(Import(Validation(other), std::move(rows)).results),
              ElementsAre(RowOutcome::kValid));
}

TEST_F(ValidateOnlyTest, DrainEndsIt) {
  StreamCaller caller(core());
  caller.Start(Validation(GeneratingStart()));
  caller.SendRows(MakeRows(1, 3));
  caller.WaitForResults(3);
  core().Drain();
  EXPECT_EQ(ReasonOf(caller.Wait()), ErrorReason::kDraining);
  EXPECT_EQ(core().validated_rows_remembered(), 0);
}

}  // namespace
}  // namespace provisioning
