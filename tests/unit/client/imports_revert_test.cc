// SPDX-License-Identifier: Apache-2.0
// provision imports revert, as scripts see it; and what an import says that was
// reverted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/client/provision_program.h"

namespace provisioning {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

v1::RevertImportResponse Message(std::int64_t removed, std::int64_t kept) {
  v1::RevertImportResponse message;
  message.set_removed_clients(removed);
  message.set_kept_clients(kept);
  return message;
}

void AddKept(v1::RevertImportResponse& message, std::int64_t row, v1::KeptReason reason) {
  v1::KeptClient& kept = *message.add_kept();
  kept.set_row_number(row);
  kept.set_email_address("p" + std::to_string(row) + "@x.example");
  kept.set_reason(reason);
}

class ImportsRevertTest : public ProvisionProgram {
 protected:
  void SetUp() override { SetState(v1::IMPORT_STATE_COMPLETE); }

  void SetState(v1::ImportState state) {
    v1::Import import;
    import.set_import_id(some_import_id);
    import.set_source_name("people.csv");
    import.set_state(state);
    import.mutable_rows()->set_created(1'002);
    server_.SetImport(import);
  }
  Ran Imports(const std::string& command, const std::string& more) {
    return Run("imports " + command + " " + some_import_id + " --organization acme " +
               Connection() + " " + more);
  }
};

TEST_F(ImportsRevertTest, TellsHowManyWereRemovedAndWhoStaysAndWhy) {
  v1::RevertImportResponse first = Message(500, 1);
  AddKept(first, 3, v1::KEPT_REASON_USED);
  v1::RevertImportResponse second = Message(1'000, 2);
  AddKept(second, 700, v1::KEPT_REASON_PASSWORD_REISSUED);
  server_.PlanRevert({first, second}, grpc::Status::OK);
  const Ran ran = Imports("revert", "--yes");
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("Removed 1,000 clients"), HasSubstr("2 clients stay")));
  EXPECT_THAT(ran.out,
              AllOf(HasSubstr("ROW"), HasSubstr("p3@x.example"),
                    HasSubstr("has set a password, or has signed in"), HasSubstr("p700@x.example"),
                    HasSubstr("got another temporary password since")));
}

TEST_F(ImportsRevertTest, PrintsJsonForPrograms) {
  v1::RevertImportResponse message = Message(0, 1);
  AddKept(message, 3, v1::KEPT_REASON_PROFILE_CHANGED);
  server_.PlanRevert({message}, grpc::Status::OK);
  const Ran ran = Imports("revert", "--yes --json");
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_EQ(ran.out,
            "{\"row_number\":\"3\",\"email_address\":\"p3@x.example\","
            "\"reason\":\"KEPT_REASON_PROFILE_CHANGED\"}\n"
            "{\"removed_clients\":\"0\",\"kept_clients\":\"1\"}\n");
}

TEST_F(ImportsRevertTest, SaysWhenNobodyStays) {
  server_.PlanRevert({Message(1, 0)}, grpc::Status::OK);
  const Ran ran = Imports("revert", "--yes");
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.err, HasSubstr("Removed 1 client; none stays."));
}

TEST_F(ImportsRevertTest, PrintsTheCommandThatGoesOn) {
  server_.PlanRevert({Message(400, 0)}, ErrorStatus(grpc::StatusCode::UNAVAILABLE, "DRAINING"));
  const Ran ran = Imports("revert", "--yes");
  EXPECT_EQ(ran.exit_code, 6);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("Removed 400 clients so far"),
                             HasSubstr("imports revert " + std::string(some_import_id)),
                             HasSubstr("--organization acme")));
}

TEST_F(ImportsRevertTest, DoesNothingWithoutAWord) {
  server_.PlanRevert({Message(1, 0)}, grpc::Status::OK);
  const Ran ran = Imports("revert", "");
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("--yes"), Not(HasSubstr("Removed"))));
  EXPECT_EQ(Run("imports revert latest --yes --organization acme " + Connection()).exit_code, 2);
}

TEST_F(ImportsRevertTest, ShowsHowFarARevertIs) {
  SetState(v1::IMPORT_STATE_REVERTING);
  const Ran under_way = Imports("show", "");
  EXPECT_THAT(under_way.out, HasSubstr("reverting"));
  EXPECT_THAT(under_way.err, HasSubstr("imports revert " + std::string(some_import_id)));
  SetState(v1::IMPORT_STATE_REVERTED);
  const Ran done = Imports("show", "");
  EXPECT_THAT(done.out, HasSubstr("reverted"));
  EXPECT_EQ(done.err, "");
}

TEST_F(ImportsRevertTest, AnImportThatWasUndoneDoesNotGoOn) {
  folder_.Write("f.csv", good_rows);
  const std::string results =
      "row_number,outcome,email_address,first_name,last_name,temporary_password,"
      "password_expires_at,client_id,first_row_number,replayed,violations,warnings\n";
  folder_.Write("f.csv.results.csv", results);
  SetState(v1::IMPORT_STATE_REVERTED);
  const Ran ran = Import("--resume --import-id " + std::string(some_import_id));
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("was undone"), Not(HasSubstr("To go on"))));
  EXPECT_EQ(ReadText(folder_.Path("f.csv.results.csv")), results);
  EXPECT_TRUE(server_.seen().empty());
}

TEST_F(ImportsRevertTest, AnImportIsToldThatItIsBeingUndone) {
  folder_.Write("f.csv", good_rows);
  SetState(v1::IMPORT_STATE_REVERTING);
  server_.Plan(
      {{}, {.results_max = 1, .status = ErrorStatus(grpc::StatusCode::ABORTED, "TAKEN_OVER")}});
  const Ran ran = Import();
  EXPECT_EQ(ran.exit_code, 6);
  EXPECT_THAT(ran.err, HasSubstr("somebody is undoing this import"));
}

}  // namespace
}  // namespace provisioning
