// SPDX-License-Identifier: Apache-2.0
// All passwords of an import made anew, while the server is killed.
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
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
  const std::string new_results_ = folder_.File("new.csv");
};

TEST_F(ImportReissueTest, EveryPasswordInTheResultsWorksHoweverOftenTheServerIsKilled) {
  const auto import = StartImport({"--import-id", some_import_id});
  ASSERT_EQ(Wait(*import), 0) << import->log();
  const auto reissue = Start({"clients", "reissue", "--organization", "practice", "--import",
                              some_import_id, "--yes", "--results", new_results_});
  const auto lines = [&] { return static_cast<int>(ResultLines(new_results_).size()); };
  for (int i = 0; i < kills; ++i) {
    const int before = lines();
    while (lines() <= before && !reissue->Wait(absl::Milliseconds(1))) {
    }
    ASSERT_LT(lines(), rows_) << "too few rows to be killed among them";
    server_->Kill();
    StartServer();
  }
  ASSERT_EQ(Wait(*reissue), 0) << reissue->log();
  EXPECT_THAT(reissue->log(), HasSubstr("Connected again"));
  RawDatabase database(database_path_);
  EXPECT_THAT(AuditResults(new_results_, database, rows_, "REISSUED"), IsEmpty());
  EXPECT_THAT(AuditResults(results_path_, database, rows_), testing::Not(IsEmpty()))
      << "the passwords before are void";
}

}  // namespace
}  // namespace provisioning
