// SPDX-License-Identifier: Apache-2.0
// Which rows are hashed, and which never are.
#include <chrono>
#include <future>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/model/error.h"
#include "tests/support/import_fixture.h"
#include "tests/support/raw_database.h"
#include "tests/support/row_results.h"
#include "tests/support/watched_store.h"

namespace provisioning {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::string_view password = "correct horse battery";

class ImportCredentialTest : public ImportFixture {
 protected:
  ImportCredentialTest() {
    WrapStore([this](IdentityStore& store) {
      auto watched = std::make_unique<WatchedStore>(store);
      watched_ = watched.get();
      return watched;
    });
    (void)core();
  }

  // Clients from another import, with passwords that the service made.
  void MakeClients(const std::vector<std::string>& names) {
    std::vector<ClientRow> rows;
    for (const std::string& name : names) {
      rows.push_back(MakeRow(static_cast<std::int64_t>(rows.size()) + 1, name));
    }
    ASSERT_TRUE(Import(GeneratingStart(), std::move(rows)).status.ok());
    watched_->TakeRows();
    watched_->TakeLookUps();
  }

  // The numbers of the rows that came to the store with a hashed password.
  std::vector<std::int64_t> TakeHashed() {
    std::vector<std::int64_t> hashed;
    for (const WatchedStore::SeenRow& row : watched_->TakeRows()) {
      if (row.hashed) hashed.push_back(row.row_number);
    }
    return hashed;
  }

  bool Opens(const std::string& name, const SecretString& secret) {
    const std::string address = name + "@practice.example";
    return VerifyCredential(RawDatabase(database_path()).CredentialOf(address), secret);
  }

  WatchedStore* watched_ = nullptr;
};

struct Policy {
  ExistingAccount existing_account;
  bool hashes_pending;
};

class PolicyTest : public ImportCredentialTest, public testing::WithParamInterface<Policy> {};

TEST_P(PolicyTest, ExistingClientsAreHashedOnlyIfThePasswordWillBeStored) {
  MakeClients({"pending", "active"});
  RawDatabase(database_path()).Activate("active@practice.example");
  StreamStart start = NewStart();
  start.options.existing_account = GetParam().existing_account;
  std::vector<ClientRow> rows;
  rows.push_back(MakeRow(1, "pending", password));
  rows.push_back(MakeRow(2, "active", password));
  rows.push_back(MakeRow(3, "new", password));
  ASSERT_TRUE(Import(start, std::move(rows)).status.ok());
  std::vector<std::int64_t> expected = {3};
  if (GetParam().hashes_pending) expected = {1, 3};
  EXPECT_EQ(TakeHashed(), expected);
}

INSTANTIATE_TEST_SUITE_P(All, PolicyTest,
                         testing::Values(Policy{ExistingAccount::kReport, false},
                                         Policy{ExistingAccount::kUpdateProfile, false},
                                         Policy{ExistingAccount::kReissuePending, true}));

TEST_F(ImportCredentialTest, DuplicateUnderWayIsNotHashed) {
  std::vector<ClientRow> rows;
  for (std::int64_t number = 1; number <= 40; ++number) {
    rows.push_back(MakeRow(number, absl::StrCat("client", number % 10), password));
  }
  const Answers answers = Import(NewStart(), std::move(rows));
  EXPECT_EQ(answers.summary->rows[RowOutcome::kCreated], 10);
  EXPECT_EQ(answers.summary->rows[RowOutcome::kDuplicateRow], 30);
  EXPECT_EQ(TakeHashed(), Counting(1, 10));
}

TEST_F(ImportCredentialTest, DuplicateOfAnAnsweredRowIsNotHashed) {
  for (const auto existing : {ExistingAccount::kReport, ExistingAccount::kReissuePending}) {
    StreamStart start = NewStart();
    start.options.existing_account = existing;
    const std::string name = absl::StrCat("client", static_cast<int>(existing));
    StreamCaller caller(core());
    caller.Start(start);
    for (std::int64_t number = 1; number <= 2; ++number) {
      std::vector<ClientRow> rows;
      rows.push_back(MakeRow(number, name, password));
      caller.SendRows(std::move(rows));
      caller.WaitForResults(static_cast<std::size_t>(number));
    }
    EXPECT_THAT(OutcomesOf(caller.TakeResults()),
                ElementsAre(RowOutcome::kCreated, RowOutcome::kDuplicateRow));
    EXPECT_THAT(TakeHashed(), ElementsAre(1));
  }
}

TEST_F(ImportCredentialTest, SecondReissueOfAnImportIsNotHashed) {
  MakeClients({"ada"});
  StreamStart start = NewStart();
  start.options.existing_account = ExistingAccount::kReissuePending;
  StreamCaller caller(core());
  caller.Start(start);
  for (std::int64_t number = 1; number <= 2; ++number) {
    std::vector<ClientRow> rows;
    rows.push_back(MakeRow(number, "ada", password));
    caller.SendRows(std::move(rows));
    caller.WaitForResults(static_cast<std::size_t>(number));
  }
  EXPECT_THAT(OutcomesOf(caller.TakeResults()),
              ElementsAre(RowOutcome::kReissued, RowOutcome::kDuplicateRow));
  EXPECT_THAT(TakeHashed(), ElementsAre(1));
}

TEST_F(ImportCredentialTest, RejectedRowIsNotHashed) {
  std::vector<ClientRow> rows;
  rows.push_back(MakeRow(1, "one", password));
  rows.push_back(MakeRow(2, "two", password));
  rows[0].gender = "X";
  ASSERT_TRUE(Import(NewStart(), std::move(rows)).status.ok());
  EXPECT_THAT(TakeHashed(), ElementsAre(2));
}

TEST_F(ImportCredentialTest, ReplayIsNotHashedNorLookedUp) {
  StreamStart start = NewStart();
  std::vector<ClientRow> rows;
  for (std::int64_t number = 1; number <= 20; ++number) {
    rows.push_back(MakeRow(number, absl::StrCat("client", number), password));
  }
  ASSERT_TRUE(Import(start, CloneRows(rows)).status.ok());
  EXPECT_EQ(TakeHashed(), Counting(1, 20));
  watched_->TakeLookUps();
  start.answered_through_row = 10;
  const Answers again = Import(start, std::move(rows));
  EXPECT_EQ(again.summary->replayed_rows, 20);
  EXPECT_THAT(TakeHashed(), IsEmpty());
  EXPECT_THAT(watched_->TakeLookUps(), IsEmpty());
}

TEST_F(ImportCredentialTest, MadePasswordsNeedNoLookUp) {
  MakeClients({"client1"});
  ASSERT_TRUE(Import(GeneratingStart(), MakeRows(1, 100)).status.ok());
  EXPECT_THAT(watched_->TakeLookUps(), IsEmpty());
  EXPECT_THAT(TakeHashed(), IsEmpty());
}

TEST_F(ImportCredentialTest, ClientThatGoesBehindTheLookUpIsHashedAndCreated) {
  MakeClients({"ada"});
  watched_->HoldCommits();
  StreamCaller caller(core());
  caller.Start(NewStart());
  std::vector<ClientRow> rows;
  rows.push_back(MakeRow(1, "before", "password of before"));
  rows.push_back(MakeRow(2, "ada", "password of ada"));
  rows.push_back(MakeRow(3, "behind", "password of behind"));
  caller.SendRows(std::move(rows));
  watched_->WaitForHeldCommit();
  RawDatabase(database_path()).Erase("ada@practice.example");
  watched_->ReleaseCommits();
  caller.End();
  caller.Close();
  ASSERT_TRUE(caller.Wait().ok()) << caller.Wait();
  const std::vector<RowResult> results = caller.TakeResults();
  EXPECT_EQ(NumbersOf(results), Counting(1, 3));
  EXPECT_THAT(OutcomesOf(results), Each(RowOutcome::kCreated));
  for (const std::string name : {"before", "ada", "behind"}) {
    EXPECT_TRUE(Opens(name, SecretString("password of " + name))) << name;
  }
  // The row behind it was not hashed again.
  std::map<std::int64_t, std::vector<std::string>> seen;
  for (const auto& row : watched_->TakeRows()) seen[row.row_number].push_back(row.phc);
  ASSERT_THAT(seen[1], SizeIs(1));
  ASSERT_THAT(seen[2], SizeIs(2));
  EXPECT_EQ(seen[2][0], "");
  EXPECT_NE(seen[2][1], "");
  ASSERT_THAT(seen[3], SizeIs(2));
  EXPECT_EQ(seen[3][0], seen[3][1]);
}

TEST_F(ImportCredentialTest, RowsThatComeBackKeepTheirGivenPasswords) {
  MakeClients({"ada"});
  watched_->HoldCommits();
  StreamCaller caller(core());
  caller.Start(GeneratingStart());
  std::vector<ClientRow> rows;
  rows.push_back(MakeRow(1, "ada", "password of ada"));
  rows.push_back(MakeRow(2, "behind", "password of behind"));
  caller.SendRows(std::move(rows));
  watched_->WaitForHeldCommit();
  RawDatabase(database_path()).Erase("ada@practice.example");
  watched_->ReleaseCommits();
  caller.WaitForResults(2);
  const std::vector<RowResult> results = caller.TakeResults();
  EXPECT_THAT(OutcomesOf(results), ElementsAre(RowOutcome::kCreated, RowOutcome::kCreated));
  for (const RowResult& result : results) EXPECT_TRUE(result.temporary_password.empty());
  EXPECT_TRUE(Opens("ada", SecretString("password of ada")));
  EXPECT_TRUE(Opens("behind", SecretString("password of behind")));
}

TEST_F(ImportCredentialTest, DuplicatesBehindARowThatIsPutBackStayDuplicates) {
  MakeClients({"ada"});
  watched_->HoldCommits();
  StreamCaller caller(core());
  caller.Start(NewStart());
  std::vector<ClientRow> rows;
  for (std::int64_t number = 1; number <= 3; ++number) {
    rows.push_back(MakeRow(number, "ada", absl::StrCat("password of row ", number)));
  }
  caller.SendRows(std::move(rows));
  watched_->WaitForHeldCommit();
  RawDatabase(database_path()).Erase("ada@practice.example");
  watched_->ReleaseCommits();
  caller.End();
  caller.Close();
  ASSERT_TRUE(caller.Wait().ok()) << caller.Wait();
  EXPECT_THAT(
      OutcomesOf(caller.TakeResults()),
      ElementsAre(RowOutcome::kCreated, RowOutcome::kDuplicateRow, RowOutcome::kDuplicateRow));
  EXPECT_THAT(TakeHashed(), ElementsAre(1));
  EXPECT_TRUE(Opens("ada", SecretString("password of row 1")));
}

// Whatever look-ups say, a row that the commit wants hashed is hashed: look-ups
// that stay behind, as those of a replica may, do not make a stream run in
// circles.
class StaleLookUps final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

  absl::StatusOr<std::vector<std::optional<AccountFacts>>> FindAccounts(
      const OrganizationId&, std::span<const std::string> email_addresses,
      const std::optional<Uuid>&) override {
    std::vector<std::optional<AccountFacts>> found;
    for (const std::string& address : email_addresses) {
      found.emplace_back(AccountFacts())->email_address = address;
    }
    return found;
  }
};

TEST_F(ImportCredentialTest, LookUpsThatStayStaleEndToo) {
  WrapStore([](IdentityStore& store) { return std::make_unique<StaleLookUps>(store); });
  std::vector<ClientRow> rows;
  for (std::int64_t number = 1; number <= 40; ++number) {
    rows.push_back(MakeRow(number, absl::StrCat("client", number), password));
  }
  const Answers answers = Import(NewStart(), std::move(rows));
  ASSERT_TRUE(answers.status.ok()) << answers.status;
  EXPECT_EQ(NumbersOf(answers.results), Counting(1, 40));
  EXPECT_THAT(OutcomesOf(answers.results), Each(RowOutcome::kCreated));
}

TEST_F(ImportCredentialTest, GivenAndMadePasswordsStayWithTheirRows) {
  std::vector<ClientRow> rows;
  for (std::int64_t number = 1; number <= 200; ++number) {
    const bool given = number % 3 == 0;
    rows.push_back(MakeRow(number, absl::StrCat("client", number),
                           given ? absl::StrCat("password of ", number) : ""));
  }
  const Answers answers = Import(GeneratingStart(), std::move(rows), 37);
  ASSERT_TRUE(answers.status.ok()) << answers.status;
  EXPECT_EQ(NumbersOf(answers.results), Counting(1, 200));
  for (const RowResult& result : answers.results) {
    const bool given = result.row_number % 3 == 0;
    EXPECT_EQ(result.temporary_password.empty(), given);
    const std::string name = absl::StrCat("client", result.row_number);
    const SecretString expected =
        given ? SecretString(absl::StrCat("password of ", result.row_number))
              : result.temporary_password.Clone();
    EXPECT_TRUE(Opens(name, expected)) << result.row_number;
  }
}

TEST_F(ImportCredentialTest, RowsWithTheHashingPoolAreBounded) {
  ImportCoreOptions options;
  options.progress_interval = absl::ZeroDuration();
  options.hashing_rows_max = 32;
  SetOptions(options);
  SetHashCost({.memory_kib = 2048, .iterations = 2});
  StreamCaller caller(core());
  caller.Start(NewStart());
  std::vector<ClientRow> rows;
  for (std::int64_t number = 1; number <= 400; ++number) {
    rows.push_back(MakeRow(number, absl::StrCat("client", number), password));
  }
  caller.SendRows(std::move(rows));
  caller.WaitForResults(1);
  core().Tick();
  caller.End();
  caller.Close();
  ASSERT_TRUE(caller.Wait().ok());
  ASSERT_THAT(caller.progress(), SizeIs(1));
  const RowsWaiting waiting = caller.progress()[0].waiting;
  EXPECT_LE(waiting.hashing, 32 + 15) << "a slice may pass the limit by less than its rows";
  EXPECT_GT(waiting.look_up, 0);
}

TEST_F(ImportCredentialTest, NothingIsHashedForAStreamThatHasGone) {
  using Seconds = std::chrono::duration<double>;
  constexpr int row_count = 1000;
  ImportCoreOptions options;
  options.progress_interval = absl::ZeroDuration();
  options.hashing_rows_max = row_count;
  SetOptions(options);
  SetHashCost({.memory_kib = 1024, .iterations = 3});
  const StreamStart start = NewStart();
  {
    StreamCaller caller(core());
    caller.Start(start);
    std::vector<ClientRow> rows;
    for (std::int64_t number = 1; number <= row_count; ++number) {
      rows.push_back(MakeRow(number, absl::StrCat("client", number), password));
    }
    caller.SendRows(std::move(rows));
    caller.WaitForResults(1);
    caller.Cancel();
    EXPECT_TRUE(absl::IsCancelled(caller.Wait()));
  }
  // Within an organization the pool keeps the order, so this one comes last. It
  // takes about four hashes if the others were dropped, and hundreds if not.
  const auto begin = std::chrono::steady_clock::now();
  std::promise<void> hashed;
  std::vector<SecretString> last;
  last.emplace_back(password);
  hashing_pool().Hash(start.organization_id, std::move(last), nullptr,
                      [&hashed](const std::vector<Credential>&) { hashed.set_value(); });
  hashed.get_future().wait();
  const Seconds taken = std::chrono::steady_clock::now() - begin;
  EXPECT_LT(taken.count() * hashing_pool().hashes_per_second(), row_count / 4);
}

// Neither are they looked up.
TEST_F(ImportCredentialTest, HashesAreStoredAsTheyAre) {
  const std::string argon2id =
      "$argon2id$v=19$m=65536,t=3,p=4$MIIRqgvgQbgj220jfp0MPA$YfwJSVjtjSU0zzV/P3S9nnQ/USre2wvJMjfC"
      "IjrTQbg";
  for (const StreamStart& start : {NewStart(), GeneratingStart()}) {
    const std::string tag = start.import_id.ToString();
    std::vector<ClientRow> rows;
    rows.push_back(MakeRowWithHash(1, "a" + tag));
    rows.push_back(MakeRowWithHash(2, "b" + tag, argon2id));
    const Answers answers = Import(start, std::move(rows));
    EXPECT_THAT(OutcomesOf(answers.results), Each(RowOutcome::kCreated));
    for (const RowResult& result : answers.results) {
      EXPECT_TRUE(result.temporary_password.empty());
      EXPECT_EQ(result.password_expires_at, absl::InfinitePast());
      EXPECT_THAT(result.warnings, IsEmpty());
    }
    EXPECT_THAT(watched_->TakeLookUps(), IsEmpty());
    EXPECT_THAT(TakeHashed(), IsEmpty());
    EXPECT_TRUE(Opens("a" + tag, SecretString("allmine")));
    EXPECT_FALSE(Opens("a" + tag, SecretString("allmine2")));
    EXPECT_TRUE(Opens("b" + tag, SecretString("correct horse battery staple")));
    EXPECT_EQ(RawDatabase(database_path()).CredentialOf("b" + tag + "@practice.example"), argon2id);
  }
}

TEST_F(ImportCredentialTest, AfterAHashItsAddressIsUnderWay) {
  std::vector<ClientRow> rows;
  rows.push_back(MakeRowWithHash(1, "client1"));
  rows.push_back(MakeRow(2, "client1", password));
  const Answers answers = Import(NewStart(), std::move(rows));
  EXPECT_THAT(OutcomesOf(answers.results),
              ElementsAre(RowOutcome::kCreated, RowOutcome::kDuplicateRow));
  EXPECT_THAT(TakeHashed(), IsEmpty());
}

TEST_F(ImportCredentialTest, AHashOpensNoAccountThatExists) {
  MakeClients({"pending", "active"});
  RawDatabase(database_path()).Activate("active@practice.example");
  const std::vector<std::string> clients = RawDatabase(database_path()).Clients();
  for (const auto existing : {ExistingAccount::kReport, ExistingAccount::kReissuePending}) {
    StreamStart start = NewStart();
    start.options.existing_account = existing;
    std::vector<ClientRow> rows;
    rows.push_back(MakeRowWithHash(1, "pending"));
    rows.push_back(MakeRowWithHash(2, "active"));
    EXPECT_THAT(OutcomesOf(Import(start, std::move(rows)).results),
                Each(RowOutcome::kAlreadyExists));
  }
  EXPECT_EQ(RawDatabase(database_path()).Clients(), clients);
}

}  // namespace
}  // namespace provisioning
