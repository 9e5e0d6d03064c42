// SPDX-License-Identifier: Apache-2.0
// Passwords that are looked for wherever they must not be, after everything that
// an import can be made to do.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/watched_provisiond.h"

namespace provisioning {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr char given_password[] = "canary-Xylophon7-given";
constexpr char rejected_password[] = "canary-Quagga8-rejected\x01";
constexpr char short_password[] = "cnry9Zq";
constexpr char reissued_password[] = "canary-Okapi5-reissued";
constexpr char unreadable_password[] = "canary-Tapir6-unreadable";
// In the column of hashes.
constexpr char misplaced_password[] = "canary-Numbat2-misplaced";
constexpr char first_name[] = "Canaria";
constexpr char last_name[] = "Zwergschnepfe";
constexpr char mailbox[] = "canaria.zwergschnepfe";
constexpr char birthdate[] = "19730817";

// Where each of the needles is, as "place: needle".
std::vector<std::string> Search(const std::map<std::string, std::string>& places,
                                const std::vector<std::string>& needles) {
  std::vector<std::string> found;
  for (const auto& [place, content] : places) {
    for (const std::string& needle : needles) {
      if (content.find(needle) != std::string::npos)
        found.push_back(absl::StrCat(place, ": ", needle));
    }
  }
  return found;
}

std::string WithoutHyphens(std::string text) {
  std::erase(text, '-');
  return text;
}

class CanaryTest : public WatchedProvisiond {
 protected:
  v1::ClientRow Row(std::int64_t number, const std::string& password) {
    v1::ClientRow row;
    row.set_row_number(number);
    row.set_email_address(absl::StrCat(mailbox, number, "@practice.example"));
    row.set_initial_password(password);
    row.set_first_name(first_name);
    row.set_last_name(last_name);
    row.set_birthdate(birthdate);
    return row;
  }
  static v1::ImportClientsRequest Rows(const std::vector<v1::ClientRow>& rows) {
    v1::ImportClientsRequest message;
    for (const v1::ClientRow& row : rows) *message.mutable_rows()->add_rows() = row;
    return message;
  }

  // Sends this behind `start`, and keeps status, passwords and remarks.
  std::vector<v1::RowOutcome> Try(const v1::ImportClientsRequest& start,
                                  const std::vector<std::string>& messages) {
    RawImportCall call(channel());
    call.Send(start);
    for (const std::string& message : messages) call.SendBytes(message);
    call.Close();
    const grpc::Status status = call.Wait();
    statuses_ += status.error_message() + "\n" + status.error_details() + "\n";
    for (const v1::RowResult& result : call.results()) {
      if (!result.temporary_password().empty()) {
        generated_.push_back(result.temporary_password());
        generated_.push_back(WithoutHyphens(result.temporary_password()));
      }
      for (const auto& issue : result.violations()) issues_ += issue.ShortDebugString() + "\n";
      for (const auto& issue : result.warnings()) issues_ += issue.ShortDebugString() + "\n";
    }
    return OutcomesOf(call.results());
  }
  void ImportOfEveryKind();
  void UnaryCallsThatFail();

  // Everything of the server's that stays or is seen.
  std::map<std::string, std::string> Places() {
    std::map<std::string, std::string> places = {{"log", server().log()},
                                                 {"statuses", statuses_},
                                                 {"issues", issues_},
                                                 {"metrics", metrics_}};
    const auto folder = std::filesystem::path(database_path()).parent_path();
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      std::ifstream file(entry.path(), std::ios::binary);
      places[entry.path().filename()] = {std::istreambuf_iterator<char>(file), {}};
    }
    return places;
  }
  std::map<std::string, std::string> LogAndStatuses() {
    return {{"log", server().log()}, {"statuses", statuses_}, {"metrics", metrics_}};
  }
  std::vector<std::string> Passwords() const {
    std::vector<std::string> passwords = {
        given_password,      rejected_password,  short_password, reissued_password,
        unreadable_password, misplaced_password, "anary-"};
    passwords.insert(passwords.end(), generated_.begin(), generated_.end());
    return passwords;
  }
  static std::vector<std::string> People() {
    return {first_name, last_name, mailbox, "zwergschnepfe", birthdate};
  }

  std::string statuses_;
  std::string issues_;
  std::string metrics_;
  std::vector<std::string> generated_;
};

void CanaryTest::ImportOfEveryKind() {
  const std::string end = EndMessage().SerializeAsString();
  v1::ClientRow named_by_password = Row(5, given_password);
  named_by_password.set_email_address(given_password);
  named_by_password.set_first_name(absl::StrCat(given_password, "\x01"));
  named_by_password.set_gender(given_password);
  named_by_password.set_birthdate(given_password);
  v1::ClientRow misplaced = Row(6, "");
  misplaced.set_password_hash(misplaced_password);
  misplaced.set_gender(misplaced_password);
  misplaced.set_birthdate(misplaced_password);
  const std::string rows = Rows({Row(1, given_password), Row(2, ""), Row(3, rejected_password),
                                 Row(4, short_password), named_by_password, misplaced})
                               .SerializeAsString();
  const v1::ImportClientsRequest start = StartMessage();
  EXPECT_THAT(
      Try(start, {rows, end}),
      ElementsAre(v1::ROW_OUTCOME_CREATED, v1::ROW_OUTCOME_CREATED, v1::ROW_OUTCOME_REJECTED,
                  v1::ROW_OUTCOME_REJECTED, v1::ROW_OUTCOME_REJECTED, v1::ROW_OUTCOME_REJECTED));

  // The same again: replays, with passwords renewed, and as an import of its own.
  v1::ImportClientsRequest resumed = start;
  resumed.mutable_start()->set_answered_through_row(0);
  EXPECT_THAT(Try(resumed, {rows, end}), SizeIs(6));
  EXPECT_THAT(Try(StartMessage(), {rows, end}), Contains(v1::ROW_OUTCOME_ALREADY_EXISTS).Times(2));
  v1::ImportClientsRequest reissuing = StartMessage();
  reissuing.mutable_start()->set_existing_account(v1::EXISTING_ACCOUNT_REISSUE_PENDING);
  EXPECT_THAT(
      Try(reissuing, {Rows({Row(1, reissued_password), Row(2, "")}).SerializeAsString(), end}),
      ElementsAre(v1::ROW_OUTCOME_REISSUED, v1::ROW_OUTCOME_REISSUED));
  v1::ClientRow again = Row(7, given_password);
  again.set_email_address(Row(6, "").email_address());
  EXPECT_THAT(Try(StartMessage(), {Rows({Row(6, ""), again}).SerializeAsString(), end}),
              ElementsAre(v1::ROW_OUTCOME_CREATED, v1::ROW_OUTCOME_DUPLICATE_ROW));

  // Ends of every kind, with passwords in hand.
  v1::ClientRow unreadable = Row(9, unreadable_password);
  Try(StartMessage(), {rows, Rows({unreadable}).SerializeAsString() + "\x12"});
  Try(StartMessage(), {rows, Rows({Row(1, given_password)}).SerializeAsString()});
  Try(StartMessage(), {rows});
  Try(StartMessage(), {rows, start.SerializeAsString()});
  Try(start, {Rows({Row(9, given_password)}).SerializeAsString()});
  Try(Rows({Row(1, given_password)}), {});
  v1::ImportClientsRequest limited = StartMessage();
  limited.mutable_start()->set_rejected_rows_max(1);
  Try(limited, {rows, end});
  v1::ImportClientsRequest bad_option = StartMessage();
  bad_option.mutable_start()->set_session_id(absl::StrCat(given_password, "\n"));
  Try(bad_option, {});
  bad_option.mutable_start()->set_import_id(given_password);
  Try(bad_option, {});
  bad_option.mutable_start()->set_organization_id(given_password);
  Try(bad_option, {});
  metrics_ = MetricsText();
}

void CanaryTest::UnaryCallsThatFail() {
  const auto keep = [this](const grpc::Status& status) {
    statuses_ += status.error_message() + "\n" + status.error_details() + "\n";
  };
  for (const std::string& text :
       {std::string(mailbox) + "9@nowhere.example", std::string(given_password)}) {
    v1::GetClientRequest request;
    request.set_organization_id(test_organization);
    request.set_email_address(text);
    grpc::ClientContext context;
    v1::GetClientResponse response;
    keep(accounts().GetClient(&context, request, &response));
    request.set_client_id(text);
    grpc::ClientContext by_id;
    keep(accounts().GetClient(&by_id, request, &response));
    // In the wrong places, and in what goes into log lines.
    request.set_organization_id(text);
    grpc::ClientContext of_none;
    of_none.AddMetadata("x-request-id", text + " ");
    of_none.AddMetadata("traceparent", text);
    keep(accounts().GetClient(&of_none, request, &response));
  }
  metrics_ = MetricsText();
}

// A search that finds nothing proves something only if it finds what is there.
TEST_F(CanaryTest, TheSearchFindsWhatIsPlanted) {
  ImportOfEveryKind();
  ASSERT_FALSE(generated_.empty());
  std::ofstream(database_path() + ".planted")
      << "\x01\x02" << given_password << generated_[1] << "\xff";
  statuses_ += last_name;
  EXPECT_THAT(Search(Places(), {given_password}),
              ElementsAre(absl::StrCat("clients.db.planted: ", given_password)));
  EXPECT_THAT(Search(Places(), Passwords()),
              Contains(absl::StrCat("clients.db.planted: ", generated_[1])));
  EXPECT_THAT(Search(LogAndStatuses(), People()),
              ElementsAre(absl::StrCat("statuses: ", last_name)));
  // The store itself holds the people, and its files are among those searched.
  EXPECT_THAT(Search(Places(), {std::string(mailbox) + "1"}), testing::Not(IsEmpty()));
}

TEST_F(CanaryTest, NoPasswordStaysAnywhere) {
  AddServeFlags({"--log-format", "json"});
  AddEnvironment("SPDLOG_LEVEL=debug");
  ImportOfEveryKind();
  UnaryCallsThatFail();
  EXPECT_THAT(generated_, SizeIs(testing::Ge(8)));
  EXPECT_THAT(Search(Places(), Passwords()), IsEmpty());
  EXPECT_THAT(Places(), testing::IsSupersetOf(
                            {testing::Key("clients.db"), testing::Key("clients.db-wal"),
                             testing::Key("clients.db-shm"), testing::Key("clients.db.lock")}));
}

TEST_F(CanaryTest, NobodyIsNamedInLogAndStatuses) {
  AddEnvironment("SPDLOG_LEVEL=debug");
  ImportOfEveryKind();
  UnaryCallsThatFail();
  EXPECT_EQ(server().Terminate(), 0);
  EXPECT_THAT(metrics_, testing::HasSubstr("provisioning_rows_total"));
  EXPECT_THAT(Search({{"log", server().log()}}, {test_organization}), SizeIs(1));
  EXPECT_THAT(Search({{"metrics", metrics_}}, {test_organization, "unauthenticated"}), IsEmpty());
  EXPECT_THAT(Search(LogAndStatuses(), People()), IsEmpty());
  EXPECT_THAT(Search(Places(), Passwords()), IsEmpty()) << "after the log was written back";
}

}  // namespace
}  // namespace provisioning
