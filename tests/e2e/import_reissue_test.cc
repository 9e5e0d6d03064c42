// SPDX-License-Identifier: Apache-2.0
// All passwords of an import made anew, while the server is killed and people stop it.
#include <signal.h>

#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/credential/credential_factory.h"
#include "tests/e2e/generated_import.h"

namespace provisioning {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr char some_import_id[] = "01a20d0f-b0a9-7e39-807c-1404efe69764";
constexpr int some_rows = 3'000;
constexpr int kills = 3;

class ImportReissueTest : public GeneratedImport {
 protected:
  ImportReissueTest() : GeneratedImport(some_rows) {
    WriteRows();
    StartServer();
  }
  std::unique_ptr<ServerProcess> StartReissue() {
    const auto import = StartImport({"--import-id", some_import_id});
    EXPECT_EQ(Wait(*import), 0) << import->log();
    return Start({"clients", "reissue", "--organization", "practice", "--import", some_import_id,
                  "--yes", "--results", new_results_});
  }
  int Lines() const { return static_cast<int>(ResultLines(new_results_).size()); }
  // Until there are more results than `before`, or it has ended.
  void WaitForMore(ServerProcess& reissue, int before) const {
    while (Lines() <= before && !reissue.Wait(absl::Milliseconds(1))) {
    }
  }

  const std::string new_results_ = folder_.File("new.csv");
};

TEST_F(ImportReissueTest, EveryPasswordInTheResultsWorksHoweverOftenTheServerIsKilled) {
  const auto reissue = StartReissue();
  for (int i = 0; i < kills; ++i) {
    WaitForMore(*reissue, Lines());
    ASSERT_LT(Lines(), rows_) << "too few rows to be killed among them";
    server_->Kill();
    StartServer();
  }
  ASSERT_EQ(Wait(*reissue), 0) << reissue->log();
  EXPECT_THAT(reissue->log(), HasSubstr("Connected again"));
  RawDatabase database(database_path_);
  EXPECT_THAT(AuditResults(new_results_, ReadCredentials(database), rows_, "REISSUED"), IsEmpty());
  EXPECT_THAT(AuditResults(results_path_, ReadCredentials(database), rows_),
              testing::Not(IsEmpty()))
      << "the passwords before are void";
}

TEST_F(ImportReissueTest, StopsAtCtrlCAndThePrintedCommandMakesAllAnew) {
  const auto reissue = StartReissue();
  WaitForMore(*reissue, 0);
  reissue->Signal(SIGINT);
  ASSERT_EQ(Wait(*reissue), 130) << reissue->log();
  const int made = Lines();
  ASSERT_LT(made, rows_);
  const std::string log = reissue->log();
  EXPECT_THAT(log, HasSubstr(" got new passwords, in " + new_results_));
  // What stands in the file works until then.
  {
    RawDatabase database(database_path_);
    const auto credentials = ReadCredentials(database);
    const ResultLines lines(new_results_);
    int dead = 0;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const SecretString password(lines.cell(i, "temporary_password"));
      if (!VerifyCredential(credentials.at(lines.cell(i, "email_address")), password)) ++dead;
    }
    EXPECT_EQ(dead, 0);
  }
  const std::size_t begin = log.rfind("\n  ") + 3;
  const auto again = Shell(log.substr(begin, log.find('\n', begin) - begin) + " --yes");
  ASSERT_EQ(Wait(*again), 0) << again->log();
  RawDatabase database(database_path_);
  EXPECT_THAT(AuditResults(folder_.File("new-2.csv"), ReadCredentials(database), rows_, "REISSUED"),
              IsEmpty());
}

}  // namespace
}  // namespace provisioning
