// SPDX-License-Identifier: Apache-2.0
// A database that is set back to an older copy in the middle of an import.
#include <algorithm>
#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/credential/credential_factory.h"
#include "service/model/secret_string.h"
#include "tests/e2e/generated_import.h"

namespace provisioning {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;

class RestoredStoreTest : public GeneratedImport {
 protected:
  // Until it has noticed for the second time that the server is gone.
  static void WaitForSecondLoss(ServerProcess& client) {
    const std::string words = "Lost the connection";
    while (!client.Wait(absl::Milliseconds(1))) {
      const std::string log = client.log();
      if (log.find(words) != log.rfind(words)) return;
    }
    FAIL() << client.log();
  }
  // Of a store whose server has stopped.
  void CopyStore(const std::string& from, const std::string& to) {
    for (const char* part : {"", "-wal", "-shm"}) {
      std::filesystem::remove(to + part);
      if (std::filesystem::exists(from + part)) std::filesystem::copy(from + part, to + part);
    }
  }
};

TEST_F(RestoredStoreTest, WhatTheStoreHasLostIsSentAgainAndDeadPasswordsAreNamed) {
  WriteRows();
  StartServer();
  const auto client = StartImport();
  ASSERT_TRUE(WaitForResults(*client, Random(1'000, rows_ * 10))) << client->log();
  server_->Kill();
  const std::string copy = folder_.File("copy.db");
  CopyStore(database_path_, copy);
  const std::int64_t kept = ReadRecord().settled_through_row;
  StartServer();
  ASSERT_TRUE(WaitForLines(*client, kept + Random(100, rows_ / 20))) << client->log();
  server_->Kill();
  ASSERT_FALSE(ReadRecord().complete) << "the import was over: take more ROWS";
  // Nothing more comes now, and what came is in the file.
  WaitForSecondLoss(*client);
  const std::string before = folder_.File("before.csv");
  std::filesystem::copy(results_path_, before);
  const ResultLines lost(before);
  ASSERT_GT(std::ssize(lost), kept);
  CopyStore(copy, database_path_);
  StartServer();
  ASSERT_EQ(Wait(*client), 0) << client->log();

  ExpectWhole();
  // Passwords that were made anew behind the copy are lost with it.
  std::int64_t good = kept;
  for (std::int64_t i = 0; i < good; ++i) {
    if (lost.cell(static_cast<std::size_t>(i), "replayed") == "true") good = i;
  }
  const std::string dead = absl::StrCat(good + 1, "-", lost.size());
  EXPECT_THAT(client->log(), AllOf(HasSubstr("gone back in time"),
                                   HasSubstr("DEAD, do not hand them out: " + dead + "\n")));
  // They are dead indeed, and no other ones are.
  RawDatabase database(database_path_);
  auto credentials = ReadCredentials(database);
  std::int64_t works = 0;
  for (std::size_t i = 0; i < lost.size(); ++i) {
    const bool verified = VerifyCredential(credentials[lost.cell(i, "email_address")],
                                           SecretString(lost.cell(i, "temporary_password")));
    ASSERT_EQ(verified, static_cast<std::int64_t>(i) < good) << "row " << i + 1;
    if (verified) ++works;
  }
  printf("%d rows, the store went back from row %d to %d, %d passwords dead and named, %d kept\n",
         rows_, static_cast<int>(lost.size()), static_cast<int>(kept),
         static_cast<int>(lost.size()) - static_cast<int>(good), static_cast<int>(works));
}

// The same between two runs, the first of which was killed.
TEST_F(RestoredStoreTest, AlsoBetweenTwoRuns) {
  WriteRows();
  StartServer();
  auto client = StartImport();
  ASSERT_TRUE(WaitForResults(*client, 1'000)) << client->log();
  server_->Kill();
  const std::string copy = folder_.File("copy.db");
  CopyStore(database_path_, copy);
  const std::int64_t kept = ReadRecord().settled_through_row;
  StartServer();
  ASSERT_TRUE(WaitForLines(*client, kept + 100)) << client->log();
  client->Kill();
  server_->Kill();
  const std::size_t last = ResultLines(results_path_).size();
  CopyStore(copy, database_path_);
  StartServer();
  client = Shell(ResumeCommandIn(client->log()));
  ASSERT_EQ(Wait(*client), 0) << client->log();
  EXPECT_THAT(client->log(), HasSubstr(absl::StrCat("void and are sent again")));
  EXPECT_THAT(client->log(), ContainsRegex("DEAD, do not hand them out: [0-9]+-"));
  EXPECT_GT(std::ssize(ResultLines(results_path_)), static_cast<std::int64_t>(last));
  ExpectWhole();
}

// Otherwise one mistyped organization would cost all passwords.
TEST_F(RestoredStoreTest, AServerThatKnowsNothingOfTheImportIsNotBelievedUnasked) {
  WriteRows();
  StartServer();
  auto client = StartImport();
  ASSERT_TRUE(WaitForResults(*client, 1'000)) << client->log();
  client->Kill();
  const std::string command = ResumeCommandIn(client->log());
  const std::string results = ReadFile(results_path_);
  std::string mistyped = command;
  const std::string organization = "--organization practice";
  mistyped.replace(mistyped.find(organization), organization.size(), organization + "-two");
  client = Shell(mistyped);
  EXPECT_EQ(Wait(*client), 2);
  EXPECT_THAT(client->log(),
              AllOf(HasSubstr("practice-two"), HasSubstr("--organization"), HasSubstr("--yes")));
  // But for a last line that was cut off.
  EXPECT_TRUE(results.starts_with(ReadFile(results_path_)));
  EXPECT_GE(ReadFile(results_path_).size() + 200, results.size());

  server_->Kill();
  for (const char* part : {"", "-wal", "-shm"}) std::filesystem::remove(database_path_ + part);
  StartServer();
  client = Shell(command + " --yes");
  EXPECT_EQ(Wait(*client), 0) << client->log();
  EXPECT_THAT(client->log(), HasSubstr("DEAD, do not hand them out: 1-"));
  ExpectWhole();
}

}  // namespace
}  // namespace provisioning
