// SPDX-License-Identifier: Apache-2.0
// The commands about one client, as scripts see them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <string>
#include <vector>

#include "tests/unit/client/provision_program.h"

namespace provisioning {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr char some_client_id[] = "01a20d0f-b0a9-7e39-807c-00000000000a";

void AddIssue(v1::FieldIssue& issue, const std::string& field, const std::string& message) {
  issue.set_field(field);
  issue.set_message(message);
}

class AccountCommandsTest : public ProvisionProgram {
 protected:
  Ran Clients(const std::string& command, const std::string& more) {
    return Run("clients " + command + " --organization acme " + Connection() + " " + more);
  }
  Ran Create(const std::string& more) {
    return Clients("create", "--email a@x.example --first-name Ann --last-name Ng " + more);
  }
  // Answers CreateClient as the service does.
  void AnswerCreated() {
    service_.create.Answer([](const v1::CreateClientRequest& request, auto& response) {
      v1::RowResult& result = *response.mutable_result();
      result.set_row_number(1);
      result.set_outcome(v1::ROW_OUTCOME_CREATED);
      result.set_email_address(request.row().email_address());
      result.set_client_id(some_client_id);
      if (request.row().initial_password().empty()) result.set_temporary_password("MADE-1");
      result.mutable_password_expires_at()->set_seconds(1'800'000'000);
      return grpc::Status::OK;
    });
  }

  FakeAccountService& service_ = server_.account_service();
};

TEST_F(AccountCommandsTest, CreateWritesAGeneratedPasswordIntoTheResultsAlone) {
  AnswerCreated();
  const Ran ran =
      Create("--birthdate 19811120 --gender F --generate-password --ttl 2d --results new.csv");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.err, AllOf(HasSubstr("Created a@x.example"), HasSubstr(some_client_id),
                             HasSubstr("new.csv"), Not(HasSubstr("MADE-1"))));
  EXPECT_THAT(ReadText(folder_.Path("new.csv")),
              HasSubstr("\n1,CREATED,a@x.example,Ann,Ng,MADE-1,2027-01-15T08:00:00Z,"));
  struct stat state {};
  ASSERT_EQ(stat(folder_.Path("new.csv").c_str(), &state), 0);
  EXPECT_EQ(state.st_mode & 0777, 0600u);
  const v1::CreateClientRequest request = service_.create.seen().at(0);
  EXPECT_EQ(request.organization_id(), "acme");
  EXPECT_EQ(request.request_id().size(), 36u);
  EXPECT_EQ(request.row().birthdate(), "19811120");
  EXPECT_EQ(request.row().gender(), "F");
  EXPECT_EQ(request.row().row_number(), 0);
  EXPECT_EQ(request.missing_password(), v1::MISSING_PASSWORD_GENERATE);
  EXPECT_EQ(request.temporary_password_ttl().seconds(), 2 * 86'400);
}

TEST_F(AccountCommandsTest, CreateSendsAPasswordOfAFile) {
  AnswerCreated();
  folder_.Write("password", "  correct horse \r\n");
  const Ran ran = Create("--passwords-file password --json");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, StartsWith("{\"row_number\":\"1\",\"outcome\":\"ROW_OUTCOME_CREATED\""));
  EXPECT_THAT(ran.out + ran.err, Not(HasSubstr("correct horse")));
  EXPECT_EQ(service_.create.seen().at(0).row().initial_password(), "  correct horse ");
}

TEST_F(AccountCommandsTest, CreateWantsAPlaceForAGeneratedPassword) {
  const Ran ran = Create("--generate-password");
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("--results"), HasSubstr("--json")));
  folder_.Write("new.csv", "mine\n");
  const Ran taken = Create("--generate-password --results new.csv");
  EXPECT_EQ(taken.exit_code, 2);
  EXPECT_THAT(taken.err, HasSubstr("new.csv exists already"));
  EXPECT_EQ(ReadText(folder_.Path("new.csv")), "mine\n");
  const Ran no_folder = Create("--generate-password --results no/new.csv");
  EXPECT_EQ(no_folder.exit_code, 3);
  EXPECT_TRUE(service_.create.seen().empty());
}

TEST_F(AccountCommandsTest, CreateShowsEveryViolation) {
  service_.create.Answer([](const auto&, v1::CreateClientResponse& response) {
    v1::RowResult& result = *response.mutable_result();
    result.set_outcome(v1::ROW_OUTCOME_REJECTED);
    AddIssue(*result.add_violations(), "email_address", "It has upper-case letters.");
    result.mutable_violations(0)->set_suggestion("a@x.example");
    AddIssue(*result.add_violations(), "last_name", "The cell is empty.");
    return grpc::Status::OK;
  });
  const Ran ran = Create("--generate-password --results new.csv -q");
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_THAT(ran.err,
              AllOf(HasSubstr("email_address: It has upper-case letters. Suggestion: a@x.example"),
                    HasSubstr("last_name: The cell is empty.")));
  EXPECT_FALSE(Exists("new.csv")) << "it would be in the way of the next try";
}

TEST_F(AccountCommandsTest, CreateSaysThatSomebodyIsThereAlready) {
  service_.create.Answer([](const auto&, v1::CreateClientResponse& response) {
    response.mutable_result()->set_outcome(v1::ROW_OUTCOME_ALREADY_EXISTS);
    response.mutable_result()->set_email_address("a@x.example");
    return grpc::Status::OK;
  });
  const Ran ran = Create("--generate-password --results new.csv");
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_THAT(ran.err, HasSubstr("already. Nothing was changed."));
}

TEST_F(AccountCommandsTest, CreateTriesAgainWithTheSameRequest) {
  AnswerCreated();
  std::atomic<int> calls = 0;
  service_.create.Answer([&calls](const auto&, v1::CreateClientResponse& response) {
    if (calls++ < 2) return ErrorStatus(grpc::StatusCode::UNAVAILABLE, "", -1, 1);
    response.mutable_result()->set_outcome(v1::ROW_OUTCOME_CREATED);
    return grpc::Status::OK;
  });
  const Ran ran = Create("--generate-password --results new.csv");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  const auto seen = service_.create.seen();
  ASSERT_EQ(seen.size(), 3u);
  EXPECT_EQ(seen[0].request_id(), seen[1].request_id());
  EXPECT_EQ(seen[0].request_id(), seen[2].request_id());
  EXPECT_THAT(ran.err, HasSubstr(seen[0].request_id()));
}

TEST_F(AccountCommandsTest, CreatePrintsTheCommandThatTriesAgain) {
  const Ran away = Run(
      "clients create --organization acme --server 127.0.0.1:1 --plaintext --email a@x.example "
      "--first-name 'Ann Marie' --last-name Ng --generate-password --results new.csv --timeout 1s");
  EXPECT_EQ(away.exit_code, 4);
  EXPECT_FALSE(Exists("new.csv"));
  const std::size_t begin = away.err.find("clients create");
  ASSERT_NE(begin, std::string::npos) << away.err;
  std::string again = away.err.substr(begin, away.err.find('\n', begin) - begin);
  EXPECT_THAT(again, AllOf(HasSubstr("'Ann Marie'"), HasSubstr("--request-id ")));
  again.replace(again.find("127.0.0.1:1"), 11, server_.address());
  AnswerCreated();
  const Ran ran = Run(again);
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(service_.create.seen().at(0).row().first_name(), "Ann Marie");
  EXPECT_THAT(again, HasSubstr(service_.create.seen().at(0).request_id()));
}

TEST_F(AccountCommandsTest, NobodyIsThereToTypeAPassword) {
  for (const std::string& command :
       {std::string("activate --email a@x.example"), std::string("verify --email a@x.example"),
        std::string("create --email a@x.example --first-name A --last-name B")}) {
    const Ran ran = Clients(command, "");
    EXPECT_EQ(ran.exit_code, 2) << command;
    EXPECT_THAT(ran.err, HasSubstr("--passwords-file")) << command;
  }
}

TEST_F(AccountCommandsTest, PasswordsComeFromStandardInputToo) {
  service_.verify.Answer([](const auto&, v1::VerifyPasswordResponse& response) {
    response.set_outcome(v1::VERIFY_PASSWORD_OUTCOME_OK);
    return grpc::Status::OK;
  });
  const std::string input = folder_.Write("typed", "correct horse");
  const Ran ran = Run("clients verify --organization acme --email a@x.example " + Connection() +
                          " --passwords-file -",
                      "", input);
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(service_.verify.seen().at(0).password(), "correct horse");
}

struct AnswerCase {
  const char* name;
  int outcome;
  int exit_code;
  const char* says;
};

class VerifyTest : public AccountCommandsTest, public testing::WithParamInterface<AnswerCase> {};

TEST_P(VerifyTest, SaysWhatThePasswordIs) {
  service_.verify.Answer([](const auto&, v1::VerifyPasswordResponse& response) {
    response.set_outcome(static_cast<v1::VerifyPasswordOutcome>(GetParam().outcome));
    return grpc::Status::OK;
  });
  folder_.Write("password", "correct horse\n");
  const Ran ran = Clients("verify", "--email a@x.example --passwords-file password");
  EXPECT_EQ(ran.exit_code, GetParam().exit_code);
  EXPECT_THAT(ran.out + ran.err, AllOf(HasSubstr("a@x.example"), HasSubstr(GetParam().says),
                                       Not(HasSubstr("correct horse"))));
  const Ran json = Clients("verify", "--email a@x.example --passwords-file password --json");
  EXPECT_EQ(json.exit_code, GetParam().exit_code);
  EXPECT_THAT(json.out, StartsWith("{\"outcome\":\"VERIFY_PASSWORD_OUTCOME_"));
}

INSTANTIATE_TEST_SUITE_P(
    All, VerifyTest,
    testing::Values(AnswerCase{"Ok", v1::VERIFY_PASSWORD_OUTCOME_OK, 0, "this is the password"},
                    AnswerCase{"Wrong", v1::VERIFY_PASSWORD_OUTCOME_WRONG, 1, "not the password"},
                    AnswerCase{"MustActivate", v1::VERIFY_PASSWORD_OUTCOME_MUST_ACTIVATE, 1,
                               "clients activate"},
                    AnswerCase{"Expired", v1::VERIFY_PASSWORD_OUTCOME_EXPIRED, 1,
                               "clients reissue"},
                    AnswerCase{"Locked", v1::VERIFY_PASSWORD_OUTCOME_LOCKED, 1, "clients reissue"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST_F(AccountCommandsTest, VerifySaysWhenToTryAgain) {
  service_.verify.Answer([](const auto&, auto&) {
    return ErrorStatus(grpc::StatusCode::RESOURCE_EXHAUSTED, "TOO_MANY_FAILURES", -1, 30'000);
  });
  folder_.Write("password", "correct horse\n");
  const Ran ran = Clients("verify", "--email a@x.example --passwords-file password");
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_THAT(ran.err,
              AllOf(HasSubstr("nothing was checked"), HasSubstr("Try again in 30 s, at ")));
}

class ActivateTest : public AccountCommandsTest, public testing::WithParamInterface<AnswerCase> {};

TEST_P(ActivateTest, SaysHowItWent) {
  service_.activate.Answer([](const auto&, v1::ActivateClientResponse& response) {
    response.set_outcome(static_cast<v1::ActivateClientOutcome>(GetParam().outcome));
    return grpc::Status::OK;
  });
  folder_.Write("passwords", "MADE-1\ncorrect horse\n");
  const Ran ran = Clients("activate", "--email a@x.example --passwords-file passwords");
  EXPECT_EQ(ran.exit_code, GetParam().exit_code);
  EXPECT_THAT(ran.err, AllOf(HasSubstr(GetParam().says), Not(HasSubstr("correct horse")),
                             Not(HasSubstr("MADE-1"))));
  const v1::ActivateClientRequest request = service_.activate.seen().at(0);
  EXPECT_EQ(request.temporary_password(), "MADE-1");
  EXPECT_EQ(request.new_password(), "correct horse");
}

INSTANTIATE_TEST_SUITE_P(
    All, ActivateTest,
    testing::Values(
        AnswerCase{"Activated", v1::ACTIVATE_CLIENT_OUTCOME_ACTIVATED, 0, "is active"},
        AnswerCase{"Wrong", v1::ACTIVATE_CLIENT_OUTCOME_WRONG, 1, "not the temporary password"},
        AnswerCase{"Expired", v1::ACTIVATE_CLIENT_OUTCOME_EXPIRED, 1, "clients reissue"},
        AnswerCase{"Locked", v1::ACTIVATE_CLIENT_OUTCOME_LOCKED, 1, "clients reissue"},
        AnswerCase{"AlreadyActive", v1::ACTIVATE_CLIENT_OUTCOME_ALREADY_ACTIVE, 1,
                   "active already"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST_F(AccountCommandsTest, ActivateTellsEveryReasonAgainstTheNewPassword) {
  service_.activate.Answer([](const auto&, v1::ActivateClientResponse& response) {
    response.set_outcome(v1::ACTIVATE_CLIENT_OUTCOME_PASSWORD_REFUSED);
    AddIssue(*response.add_violations(), "new_password", "It is too short.");
    AddIssue(*response.add_violations(), "new_password", "It is easy to guess.");
    return grpc::Status::OK;
  });
  folder_.Write("passwords", "MADE-1\na\n");
  const Ran ran = Clients("activate", "--email a@x.example --passwords-file passwords -q");
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("new_password: It is too short."),
                             HasSubstr("new_password: It is easy to guess.")));
}

TEST_F(AccountCommandsTest, ActivateSaysHowToFindOutWhatBecameOfIt) {
  service_.activate.Answer(
      [](const auto&, auto&) { return grpc::Status(grpc::StatusCode::UNAVAILABLE, "reset"); });
  folder_.Write("passwords", "MADE-1\ncorrect horse\n");
  const Ran ran = Clients("activate", "--email a@x.example --passwords-file passwords");
  EXPECT_EQ(ran.exit_code, 4);
  EXPECT_THAT(ran.err, HasSubstr("clients verify"));
  service_.activate.Answer([](const auto&, auto&) {
    return ErrorStatus(grpc::StatusCode::UNAVAILABLE, "STORE_UNAVAILABLE");
  });
  const Ran lost = Clients("activate", "--email a@x.example --passwords-file passwords");
  EXPECT_THAT(lost.err, HasSubstr("clients verify"))
      << "the store may have gone while it committed";
  service_.activate.Answer(
      [](const auto&, auto&) { return ErrorStatus(grpc::StatusCode::UNAVAILABLE, "OVERLOADED"); });
  const Ran known = Clients("activate", "--email a@x.example --passwords-file passwords");
  EXPECT_THAT(known.err, Not(HasSubstr("unknown"))) << "the server says that nothing was done";
}

class ReissueOneTest : public AccountCommandsTest {
 protected:
  void SetUp() override {
    service_.get.Answer([](const auto&, v1::GetClientResponse& response) {
      response.mutable_client()->set_first_name("Ann");
      response.mutable_client()->set_last_name("Ng");
      return grpc::Status::OK;
    });
    service_.reissue.Answer([](const v1::ReissueTemporaryPasswordRequest& request, auto& response) {
      v1::RowResult& result = *response.mutable_result();
      result.set_row_number(7);
      result.set_outcome(v1::ROW_OUTCOME_REISSUED);
      result.set_email_address("a@x.example");
      if (request.temporary_password().empty()) result.set_temporary_password("MADE-2");
      return grpc::Status::OK;
    });
  }
};

TEST_F(ReissueOneTest, WritesTheNewPasswordIntoTheResultsAlone) {
  const Ran ran = Clients("reissue", "a@x.example --results new.csv");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out + ran.err, Not(HasSubstr("MADE-2")));
  EXPECT_THAT(ReadText(folder_.Path("new.csv")),
              HasSubstr("\n7,REISSUED,a@x.example,Ann,Ng,MADE-2,"));
  EXPECT_FALSE(service_.reissue.seen().at(0).reset_active());
}

TEST_F(ReissueOneTest, TakesAnIdAndAGivenPassword) {
  folder_.Write("password", "correct horse\n");
  const Ran ran =
      Clients("reissue", std::string(some_client_id) + " --passwords-file password --reset-active");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  const auto request = service_.reissue.seen().at(0);
  EXPECT_EQ(request.client_id(), some_client_id);
  EXPECT_EQ(request.temporary_password(), "correct horse");
  EXPECT_TRUE(request.reset_active());
}

TEST_F(ReissueOneTest, SaysWhyNot) {
  service_.reissue.Answer([](const auto&, auto&) {
    return ErrorStatus(grpc::StatusCode::FAILED_PRECONDITION, "CLIENT_ACTIVE");
  });
  const Ran active = Clients("reissue", "--email a@x.example --results new.csv");
  EXPECT_EQ(active.exit_code, 1);
  EXPECT_THAT(active.err, HasSubstr("--reset-active"));
  EXPECT_FALSE(Exists("new.csv"));
  service_.reissue.Answer([](const auto&, auto&) {
    return ErrorStatus(grpc::StatusCode::NOT_FOUND, "CLIENT_NOT_FOUND");
  });
  const Ran gone = Clients("reissue", "--email a@x.example --json");
  EXPECT_EQ(gone.exit_code, 1);
  EXPECT_THAT(gone.err, HasSubstr("\"acme\" has no client a@x.example"));
}

TEST_F(ReissueOneTest, WantsOneClientAndAPlace) {
  EXPECT_EQ(Clients("reissue", "--results new.csv").exit_code, 2);
  EXPECT_EQ(Clients("reissue", "a@x.example --email a@x.example --json").exit_code, 2);
  EXPECT_EQ(Clients("reissue", "a@x.example").exit_code, 2);
  EXPECT_EQ(Clients("reissue", "somebody --json").exit_code, 2);
  EXPECT_TRUE(service_.reissue.seen().empty());
}

TEST_F(AccountCommandsTest, DeleteErasesWhenItIsTold) {
  service_.erase.Answer([](const auto&, v1::DeleteClientResponse& response) {
    response.set_client_id(some_client_id);
    return grpc::Status::OK;
  });
  const Ran unasked = Clients("delete", "a@x.example");
  EXPECT_EQ(unasked.exit_code, 2);
  EXPECT_THAT(unasked.err, HasSubstr("--yes"));
  EXPECT_TRUE(service_.erase.seen().empty());
  const Ran ran = Clients("delete", "a@x.example --yes");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.err, HasSubstr(some_client_id));
  EXPECT_EQ(service_.erase.seen().at(0).email_address(), "a@x.example");
  service_.erase.Answer([](const auto&, auto&) {
    return ErrorStatus(grpc::StatusCode::NOT_FOUND, "CLIENT_NOT_FOUND");
  });
  EXPECT_EQ(Clients("delete", "a@x.example --yes").exit_code, 1);
}

v1::Client ClientIn(v1::ClientState state, std::int64_t expires_at, bool locked) {
  v1::Client client;
  client.set_client_id(some_client_id);
  client.set_state(state);
  if (expires_at > 0) client.mutable_temporary_password_expires_at()->set_seconds(expires_at);
  client.set_locked(locked);
  return client;
}

TEST_F(AccountCommandsTest, ListTellsStatesApart) {
  constexpr std::int64_t long_ago = 1'000'000'000;
  constexpr std::int64_t far_away = 9'000'000'000;
  const std::vector<std::pair<v1::Client, std::string>> cases = {
      {ClientIn(v1::CLIENT_STATE_PENDING, far_away, false), "pending"},
      {ClientIn(v1::CLIENT_STATE_PENDING, long_ago, false), "expired"},
      {ClientIn(v1::CLIENT_STATE_ACTIVE, 0, false), "active"},
      {ClientIn(v1::CLIENT_STATE_ACTIVE, 0, true), "locked"},
      {ClientIn(v1::CLIENT_STATE_PENDING, long_ago, true), "locked"}};
  for (const auto& [client, state] : cases) {
    service_.list.Answer([&client = client](const auto&, v1::ListClientsResponse& response) {
      *response.add_clients() = client;
      return grpc::Status::OK;
    });
    EXPECT_THAT(Clients("list", "").out, HasSubstr(state));
  }
}

TEST_F(AccountCommandsTest, ListAsksForPasswordsThatEndSoon) {
  service_.list.Answer([](const auto&, auto&) { return grpc::Status::OK; });
  EXPECT_EQ(Clients("list", "--expiring 3d").exit_code, 0);
  EXPECT_EQ(Clients("list", "--expired").exit_code, 0);
  EXPECT_EQ(Clients("list", "").exit_code, 0);
  EXPECT_EQ(Clients("list", "--expired --expiring 3d").exit_code, 2);
  EXPECT_EQ(Clients("list", "--expiring soon").exit_code, 2);
  const auto seen = service_.list.seen();
  ASSERT_EQ(seen.size(), 3u);
  const std::int64_t days = (seen[0].password_expires_before().seconds() -
                             seen[1].password_expires_before().seconds() + 3600) /
                            86'400;
  EXPECT_EQ(days, 3);
  EXPECT_FALSE(seen[2].has_password_expires_before());
}

TEST_F(AccountCommandsTest, ShowTellsOfWrongPasswordsAndTheLock) {
  service_.get.Answer([](const auto&, v1::GetClientResponse& response) {
    *response.mutable_client() = ClientIn(v1::CLIENT_STATE_ACTIVE, 0, true);
    response.mutable_client()->set_consecutive_failures(100);
    return grpc::Status::OK;
  });
  EXPECT_THAT(Clients("show", "a@x.example").out,
              AllOf(HasSubstr("active, locked"), HasSubstr("100 since the last right one")));
}

}  // namespace
}  // namespace provisioning
