// SPDX-License-Identifier: Apache-2.0
// An account's life, from the command line alone.
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/server/store_address.h"
#include "tests/e2e/provision_fixture.h"
#include "tests/support/postgres_database.h"

namespace provisioning {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr char import_id[] = "01a20d0f-b0a9-7e39-807c-1404efe69764";
constexpr char ada[] = "ada.lund@example.com";
constexpr char bo[] = "bo.strand@example.com";
constexpr char chiara[] = "chiara.conti@example.com";
constexpr char dara[] = "dara.quinn@example.com";
constexpr char emeka[] = "emeka.obi@example.com";

constexpr absl::Duration condition_timeout = absl::Minutes(1);

// Each step prints its command and what came of it:
//
//   build/dev/bin/cli_account_test | less
class CliAccountTest : public ProvisionFixture, public testing::WithParamInterface<StoreEngine> {
 protected:
  // Few failures, so that none is followed by a wait, and passwords that end soon.
  void SetUp() override { StartServer({"--failures-max", "3", "--ttl-min", "1"}); }

  // Nobody has printed a password.
  void TearDown() override {
    const std::string server_log = server_->log();
    for (const std::string& password : passwords_) {
      EXPECT_THAT(printed_, Not(HasSubstr(password)));
      EXPECT_THAT(server_log, Not(HasSubstr(password)));
    }
  }

  Ran Provision(const std::string& command, const std::string& subcommand,
                const std::vector<std::string>& more, bool told = true) {
    std::vector<std::string> arguments = {command, subcommand, "--organization", "practice"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    Ran ran = Run(arguments);
    printed_ += ran.log;
    if (told) {
      std::printf("$ provision");
      for (const std::string& argument : arguments) std::printf(" %s", argument.c_str());
      std::printf("\n%s(exit %d)\n\n", ran.log.c_str(), ran.exit_code);
    }
    return ran;
  }
  Ran Clients(const std::string& subcommand, const std::vector<std::string>& more) {
    return Provision("clients", subcommand, more);
  }

  Ran Activate(const std::string& email, const std::string& temporary, const std::string& own) {
    WriteFile(folder_.File("passwords"), temporary + "\n" + own + "\n");
    return Clients("activate", {"--email", email, "--passwords-file", folder_.File("passwords")});
  }
  Ran Verify(const std::string& email, const std::string& password) {
    WriteFile(folder_.File("password"), password + "\r\n");
    return Clients("verify", {"--email", email, "--passwords-file", folder_.File("password")});
  }
  // The generated password of a client in a results file.
  std::string PasswordIn(const std::string& file, const std::string& email) {
    const ResultLines results(folder_.File(file));
    for (std::size_t i = 0; i < results.size(); ++i) {
      if (results.cell(i, "email_address") != email) continue;
      passwords_.push_back(results.cell(i, "temporary_password"));
      return passwords_.back();
    }
    ADD_FAILURE() << file << " has no line about " << email;
    return "";
  }
  std::string OwnPassword(const std::string& password) {
    passwords_.push_back(password);
    return password;
  }
  void ImportPeople() {
    std::string text = "email_address,first_name,last_name\n";
    for (const char* email : {ada, bo, chiara, dara, emeka}) {
      text += std::string(email) + ",First,Last\n";
    }
    WriteFile(folder_.File("people.csv"), text);
    const Ran ran = Import(folder_.File("people.csv"),
                           {"--generate-passwords", "--quiet", "--import-id", import_id});
    ASSERT_EQ(ran.exit_code, 0) << ran.log;
  }
  bool IsListed(const std::string& email, const std::string& filter) {
    const Ran ran = Provision("clients", "list", {filter, "--json"}, false);
    return ran.log.find(email) != std::string::npos;
  }
  testing::AssertionResult ComesToExpire(const std::string& email) {
    const absl::Time deadline = absl::Now() + condition_timeout;
    while (absl::Now() < deadline) {
      if (IsListed(email, "--expired")) return testing::AssertionSuccess();
    }
    return testing::AssertionFailure() << email << " does not expire";
  }

  std::string store_address() const override {
    return postgres_ ? postgres_->url : ProvisionFixture::store_address();
  }

  struct Postgres {
    PostgresServer server;
    const std::string url = NewMigratedDatabase(server);
  };
  const std::unique_ptr<Postgres> postgres_ =
      GetParam() == StoreEngine::kPostgres ? std::make_unique<Postgres>() : nullptr;
  std::vector<std::string> passwords_;  // All that were ever in use.
  std::string printed_;
};

INSTANTIATE_TEST_SUITE_P(All, CliAccountTest,
                         testing::Values(StoreEngine::kSqlite, StoreEngine::kPostgres),
                         [](const auto& info) {
                           return info.param == StoreEngine::kSqlite ? "Sqlite" : "Postgres";
                         });

TEST_P(CliAccountTest, LivesFromImportToErasure) {
  ImportPeople();

  // The first sign-in.
  const std::string own = OwnPassword("lantern over the harbour");
  const std::string temporary = PasswordIn("people.csv.results.csv", ada);
  const Ran refused = Activate(ada, temporary, "ada.lund");
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.log,
              AllOf(HasSubstr("the new password is refused"), HasSubstr("new_password: ")));
  EXPECT_THAT(Verify(ada, temporary).log, HasSubstr("clients activate"));
  EXPECT_EQ(Activate(ada, temporary, own).exit_code, 0);
  EXPECT_EQ(Verify(ada, own).exit_code, 0);
  EXPECT_EQ(Verify(ada, temporary).exit_code, 1);  // Good for one thing only.
  EXPECT_EQ(Activate(ada, own, "another quiet morning").exit_code, 1);

  // Too many wrong ones: the right one is not even looked at.
  EXPECT_EQ(Verify(ada, own).exit_code, 0);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Verify(ada, "a wrong one").exit_code, 1);
  const Ran locked = Verify(ada, own);
  EXPECT_EQ(locked.exit_code, 1);
  EXPECT_THAT(locked.log, AllOf(HasSubstr("locked"), HasSubstr("clients reissue")));
  EXPECT_THAT(Clients("show", {ada}).log, AllOf(HasSubstr("active, locked"), HasSubstr("3 since")));
  EXPECT_THAT(Clients("list", {}).log, HasSubstr("locked"));

  // Support helps.
  const std::string reissued = folder_.File("reissued.csv");
  const Ran not_asked = Clients("reissue", {ada, "--results", reissued});
  EXPECT_EQ(not_asked.exit_code, 1);
  EXPECT_THAT(not_asked.log, HasSubstr("--reset-active"));
  EXPECT_EQ(Clients("reissue", {ada, "--results", reissued, "--reset-active"}).exit_code, 0);
  const std::string second = PasswordIn("reissued.csv", ada);
  EXPECT_EQ(Verify(ada, own).exit_code, 1);
  EXPECT_EQ(Activate(ada, second, own).exit_code, 0);
  EXPECT_EQ(Verify(ada, own).exit_code, 0);

  // A temporary password ends.
  const std::string short_lived = folder_.File("short.csv");
  EXPECT_EQ(Clients("reissue", {bo, "--results", short_lived, "--ttl", "1s"}).exit_code, 0);
  ASSERT_TRUE(ComesToExpire(bo));
  EXPECT_FALSE(IsListed(dara, "--expired"));
  const Ran expired = Activate(bo, PasswordIn("short.csv", bo), "four words of mine");
  EXPECT_EQ(expired.exit_code, 1);
  EXPECT_THAT(expired.log, HasSubstr("has expired"));
  EXPECT_THAT(Clients("list", {"--expiring", "3d"}).log,
              AllOf(HasSubstr(bo), HasSubstr("expired"), Not(HasSubstr(dara))));

  // The results are lost: those who use what the import gave them get new ones.
  const std::string lost = PasswordIn("people.csv.results.csv", chiara);
  const Ran all =
      Clients("reissue", {"--import", import_id, "--yes", "--results", folder_.File("again.csv")});
  EXPECT_EQ(all.exit_code, 0);
  const ResultLines again(folder_.File("again.csv"));
  EXPECT_EQ(again.column("email_address"), (std::vector<std::string>{chiara, dara, emeka}));
  EXPECT_EQ(again.column("outcome"), std::vector<std::string>(3, "REISSUED"));
  EXPECT_EQ(Activate(chiara, lost, "four words of mine").exit_code, 1);
  EXPECT_EQ(Activate(chiara, PasswordIn("again.csv", chiara), "four words of mine").exit_code, 0);

  // Erasure.
  EXPECT_EQ(Clients("delete", {dara, "--yes"}).exit_code, 0);
  EXPECT_EQ(Clients("show", {dara}).exit_code, 1);
  EXPECT_EQ(Clients("delete", {dara, "--yes"}).exit_code, 1);

  // Undoing the import: who was not touched by anybody goes.
  const Ran reverted = Provision("imports", "revert", {import_id, "--yes"});
  EXPECT_EQ(reverted.exit_code, 0);
  EXPECT_THAT(reverted.log,
              AllOf(HasSubstr("Removed 1 client; 3 clients stay:"), HasSubstr(ada), HasSubstr(bo),
                    HasSubstr(chiara), Not(HasSubstr(dara)), Not(HasSubstr(emeka))));
  EXPECT_EQ(Clients("show", {emeka}).exit_code, 1);
  EXPECT_EQ(Verify(ada, own).exit_code, 0);
  EXPECT_THAT(Provision("imports", "show", {import_id}).log,
              AllOf(HasSubstr("reverted"), HasSubstr("removed clients      1")));
  const Ran resumed = Import(folder_.File("people.csv"),
                             {"--generate-passwords", "--import-id", import_id, "--resume"});
  EXPECT_EQ(resumed.exit_code, 2);
  EXPECT_THAT(resumed.log, HasSubstr("was undone"));
}

TEST_P(CliAccountTest, CreatesAClientWhoSignsIn) {
  const std::string results = folder_.File("new.csv");
  const std::vector<std::string> person = {"--email",     ada,    "--first-name", "Ada",
                                           "--last-name", "Lund", "--birthdate",  "19811120"};
  std::vector<std::string> create = person;
  create.insert(create.end(), {"--generate-password", "--results", results, "--request-id",
                               "01a20d0f-b0a9-7e39-807c-1404efe69765"});
  EXPECT_EQ(Clients("create", create).exit_code, 0);
  const std::string lost = PasswordIn("new.csv", ada);

  // The same request again, as after a lost answer.
  create[create.size() - 3] = folder_.File("new-2.csv");
  EXPECT_EQ(Clients("create", create).exit_code, 0);
  const std::string current = PasswordIn("new-2.csv", ada);
  EXPECT_NE(lost, current);
  EXPECT_EQ(Activate(ada, lost, "lantern over the harbour").exit_code, 1);
  EXPECT_EQ(Activate(ada, current, "lantern over the harbour").exit_code, 0);

  // Another request for the same person.
  create.resize(create.size() - 2);
  create.back() = folder_.File("new-3.csv");
  const Ran there = Clients("create", create);
  EXPECT_EQ(there.exit_code, 0);
  EXPECT_THAT(there.log, HasSubstr("already. Nothing was changed."));
  EXPECT_EQ(Verify(ada, "lantern over the harbour").exit_code, 0);
}

TEST_P(CliAccountTest, RefusesWhatTheServerDoesNotTake) {
  StartServer();
  ImportPeople();
  const std::string results = folder_.File("short.csv");
  const Ran too_short = Clients("reissue", {bo, "--results", results, "--ttl", "1s"});
  EXPECT_EQ(too_short.exit_code, 2);
  EXPECT_THAT(too_short.log, HasSubstr("temporary_password_ttl"));
}

}  // namespace
}  // namespace provisioning
