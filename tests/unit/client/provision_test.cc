// SPDX-License-Identifier: Apache-2.0
// The program as scripts see it: exit codes, streams and files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/client/provision_program.h"

namespace provisioning {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

using ProvisionTest = ProvisionProgram;

TEST_F(ProvisionTest, PrintsTheTemplate) {
  const Ran ran = Run("template");
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_EQ(ran.out, "email_address,initial_password,first_name,last_name,birthdate,gender\n");
}

TEST_F(ProvisionTest, WritesATemplateThatValidateTakes) {
  EXPECT_EQ(Run("template t.csv").exit_code, 0);
  EXPECT_EQ(Run("validate t.csv").exit_code, 0);
  EXPECT_EQ(Run("template t.csv").exit_code, 2) << "nothing is overwritten";
}

TEST_F(ProvisionTest, PrintsTheVersion) {
  const Ran ran = Run("version");
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_THAT(ran.out, testing::StartsWith("provision "));
}

TEST_F(ProvisionTest, ValidatesOfflineByTheSharedRules) {
  folder_.Write("f.csv", good_rows);
  const Ran ran = Run("validate f.csv");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.err, HasSubstr("2  valid"));
}

TEST_F(ProvisionTest, SaysEveryProblemOfAFile) {
  folder_.Write("f.csv", std::string(required_columns) + "A@x.example,short,Ann,Ng\n");
  const Ran ran = Run("validate f.csv");
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("row 1 (line 2), email_address: "),
                             HasSubstr("Suggestion: a@x.example"), Not(HasSubstr("short,"))));
  EXPECT_THAT(ReadText(folder_.Path("f.csv.problems.csv")),
              AllOf(HasSubstr("1,2,A@x.example,violation,email_address,EMAIL_UPPER_CASE,"),
                    HasSubstr("1,2,A@x.example,violation,initial_password,TOO_SHORT,")));
}

TEST_F(ProvisionTest, Imports) {
  folder_.Write("f.csv", good_rows);
  const Ran ran = Import();
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.err, AllOf(HasSubstr("2  created"), HasSubstr("f.csv.results.csv")));
  EXPECT_EQ(server_.accounts(), 2);
  EXPECT_FALSE(Exists("f.csv.problems.csv"));
  EXPECT_FALSE(Exists("f.csv.rejects.csv"));
}

TEST_F(ProvisionTest, SendsWhatIsKnownOfTheSource) {
  folder_.Write("f.csv", good_rows);
  ASSERT_EQ(Import("--ttl 36h --existing update").exit_code, 0);
  const v1::ImportStart start = server_.seen().at(1).start;
  EXPECT_EQ(start.organization_id(), "acme");
  EXPECT_EQ(start.source_name(), "f.csv");
  EXPECT_EQ(start.source_sha256().size(), 64u);
  EXPECT_EQ(start.temporary_password_ttl().seconds(), 36 * 3600);
  EXPECT_EQ(start.existing_account(), v1::EXISTING_ACCOUNT_UPDATE_PROFILE);
  EXPECT_TRUE(server_.seen().at(0).start.validate_only());
  EXPECT_EQ(server_.seen().at(0).start.import_id(), "");
}

TEST_F(ProvisionTest, TakesTheConnectionFromTheEnvironment) {
  folder_.Write("f.csv", good_rows);
  const Ran ran = Run("import f.csv --organization acme",
                      "PROVISION_PLAINTEXT=1 PROVISION_SERVER=" + server_.address());
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
}

TEST_F(ProvisionTest, AFlagBeatsTheEnvironment) {
  folder_.Write("f.csv", good_rows);
  const Ran ran =
      Run("import f.csv --organization acme " + Connection(), "PROVISION_SERVER=127.0.0.1:1");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
}

TEST_F(ProvisionTest, OneRejectedRowStopsTheImportBeforeItBegins) {
  folder_.Write("f.csv", std::string(good_rows) + "c@bad.example,correct horse 3,C,C\n");
  const Ran ran = Import();
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_EQ(server_.accounts(), 0);
  EXPECT_EQ(server_.seen().size(), 1u);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("Nothing was imported"), HasSubstr("--skip-rejected")));
  EXPECT_TRUE(Exists("f.csv.problems.csv"));
  EXPECT_FALSE(Exists("f.csv.results.csv"));
  EXPECT_FALSE(Exists("f.csv.rejects.csv"));
}

TEST_F(ProvisionTest, AnEarlierProblemsFileIsReplaced) {
  folder_.Write("f.csv", std::string(good_rows) + "c@bad.example,correct horse 3,C,C\n");
  EXPECT_EQ(Import().exit_code, 1);
  const Ran again = Import("--skip-rejected");
  EXPECT_EQ(again.exit_code, 1) << again.err;
  EXPECT_EQ(server_.accounts(), 2);
}

TEST_F(ProvisionTest, AnotherFileInThePlaceOfTheProblemsIsKept) {
  folder_.Write("f.csv", good_rows);
  folder_.Write("f.csv.problems.csv", "my,own,notes\n");
  const Ran ran = Import();
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("f.csv.problems.csv"), HasSubstr("--problems")));
  EXPECT_EQ(ReadText(folder_.Path("f.csv.problems.csv")), "my,own,notes\n");
}

TEST_F(ProvisionTest, SkipsRejectedRowsOnRequest) {
  folder_.Write("f.csv", std::string(good_rows) + "c@bad.example,correct horse 3,C,C\n" +
                             "d@x.example,correct horse 4,D,D,extra\n");
  const Ran ran = Import("--skip-rejected");
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_EQ(server_.accounts(), 2);
  EXPECT_EQ(ReadText(folder_.Path("f.csv.rejects.csv")),
            std::string(required_columns) + "c@bad.example,correct horse 3,C,C\n" +
                "d@x.example,correct horse 4,D,D,extra\n");
  EXPECT_THAT(ReadText(folder_.Path("f.csv.results.csv")),
              AllOf(HasSubstr("\n3,REJECTED,c@bad.example,C,C,,,,,false,EMAIL_DOMAIN: A bad"),
                    HasSubstr("\n4,REJECTED,d@x.example,D,D,,,,,false,\"EXTRA_CELL: Cell 5")));
  EXPECT_THAT(ReadText(folder_.Path("f.csv.problems.csv")),
              AllOf(HasSubstr("\n3,4,c@bad.example,violation,email_address,EMAIL_DOMAIN,"),
                    HasSubstr("\n4,5,d@x.example,violation,cell 5,EXTRA_CELL,")));
}

TEST_F(ProvisionTest, GeneratedPasswordsStandInTheResultsAlone) {
  folder_.Write("f.csv", "email_address,first_name,last_name\na@x.example,A,B\n");
  const Ran ran = Import("--generate-passwords");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ReadText(folder_.Path("f.csv.results.csv")), HasSubstr("GENERATED-1"));
  EXPECT_THAT(ran.out + ran.err, Not(HasSubstr("GENERATED-1")));
}

TEST_F(ProvisionTest, JsonIsOneResultPerLineAndASummary) {
  folder_.Write("f.csv", "email_address,first_name,last_name\na@x.example,A,B\n");
  const Ran ran = Import("--generate-passwords --json");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.out,
            "{\"row_number\":\"1\",\"outcome\":\"ROW_OUTCOME_CREATED\",\"email_address\":"
            "\"a@x.example\",\"temporary_password\":\"GENERATED-1\"}\n"
            "{\"rows\":{\"created\":\"1\"}}\n");
}

TEST_F(ProvisionTest, JsonOfAStoppedValidationIsTheValidations) {
  folder_.Write("f.csv", std::string(required_columns) + "c@bad.example,correct horse 3,C,C\n");
  const Ran ran = Import("--json");
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_THAT(ran.out, HasSubstr("\"outcome\":\"ROW_OUTCOME_REJECTED\""));
}

// The row with a cell too many is rejected by the reader, so the server's own
// summary knows nothing of it.
TEST_F(ProvisionTest, JsonOfAStoppedValidationCountsWhatTheReaderRejected) {
  folder_.Write("f.csv", std::string(good_rows) + "c@x.example,correct horse 3,C,C,more\n");
  const Ran ran = Import("--json");
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_THAT(ran.out, HasSubstr("{\"rows\":{\"rejected\":\"1\",\"valid\":\"2\"}"));
}

TEST_F(ProvisionTest, AFullStdoutIsNoSuccess) {
  folder_.Write("f.csv", good_rows);
  // The rest of the line that Run makes comes after the exit.
  const std::string full = " >/dev/full; exit $?; true";
  EXPECT_EQ(Run("validate f.csv --json" + full).exit_code, 3);
  EXPECT_EQ(Run("validate f.csv; exit $?; true").exit_code, 0);
}

TEST_F(ProvisionTest, SaysWhatWasFoundOutAndNoMore) {
  folder_.Write("f.csv", "email_address;initial_password;first_name;last_name\n");
  EXPECT_THAT(Run("validate f.csv").err, testing::StartsWith("f.csv: semicolons\n"));
  EXPECT_THAT(Run("validate f.csv --encoding koi8-r").err,
              testing::StartsWith("f.csv: semicolons, koi8-r\n"));
  folder_.Write("plain.csv", required_columns);
  EXPECT_THAT(Run("validate plain.csv").err, testing::StartsWith("plain.csv has a header"));
}

// The same bytes, read in another way, are other rows.
TEST_F(ProvisionTest, TheWayOfReadingIsPinnedWithTheFile) {
  folder_.Write("f.csv", good_rows);
  std::vector<std::string> digests;
  for (const char* flags : {"", "--delimiter comma", "--encoding windows-1252"}) {
    const Ran ran = Import(std::string(flags) + " --results r" + std::to_string(digests.size()));
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    digests.push_back(server_.seen().back().start.source_sha256());
  }
  EXPECT_EQ(digests[1], digests[0]) << "a comma would have been found out";
  EXPECT_NE(digests[2], digests[0]);
}

TEST_F(ProvisionTest, EachOutputHasAFileOfItsOwn) {
  folder_.Write("f.csv", good_rows);
  const Ran ran = Import("--results o.csv --problems o.csv");
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err, HasSubstr("--problems"));
  EXPECT_FALSE(Exists("o.csv"));
}

TEST_F(ProvisionTest, AFileNamedLikeAFlagCanBeResumed) {
  folder_.Write("-s.csv", good_rows);
  const Ran ran = Run("import ./-s.csv --organization acme " + Connection());
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.err, HasSubstr(" import ./-s.csv --organization"));
}

TEST_F(ProvisionTest, SaysHowToResumeBeforeItBegins) {
  folder_.Write("f.csv", good_rows);
  const Ran ran = Import("--import-id " + std::string(some_import_id));
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_THAT(ran.err, HasSubstr("provision import f.csv --organization acme --import-id " +
                                 std::string(some_import_id) + " --resume --server"));
}

TEST_F(ProvisionTest, WhoIsNotAllowedLeavesNoResultsBehind) {
  folder_.Write("f.csv", good_rows);
  const grpc::Status denied(grpc::StatusCode::PERMISSION_DENIED, "acme is not yours");
  server_.Plan({{}, {.instead_of_start = denied}});
  const Ran ran = Import();
  EXPECT_EQ(ran.exit_code, 5);
  EXPECT_THAT(ran.err, HasSubstr("acme is not yours"));
  EXPECT_FALSE(Exists("f.csv.results.csv"));
}

TEST_F(ProvisionTest, OptionsThatDifferAreUsage) {
  folder_.Write("f.csv", good_rows);
  server_.Plan(
      {{},
       {.instead_of_start = ErrorStatus(grpc::StatusCode::FAILED_PRECONDITION, "OPTIONS_DIFFER")}});
  EXPECT_EQ(Import("--import-id " + std::string(some_import_id)).exit_code, 2);
}

TEST_F(ProvisionTest, ATakenOverImportIsBrokenOff) {
  folder_.Write("f.csv", good_rows);
  server_.Plan(
      {{}, {.results_max = 1, .status = ErrorStatus(grpc::StatusCode::ABORTED, "TAKEN_OVER")}});
  const Ran ran = Import();
  EXPECT_EQ(ran.exit_code, 6);
  EXPECT_THAT(ran.err, HasSubstr("another process has taken this import over"));
}

// The first run is cut after one result and cannot come back; the second one
// goes on where the results file ends, and its summary counts both.
TEST_F(ProvisionTest, ResumesWhatBrokeOff) {
  folder_.Write("f.csv",
                "email_address,first_name,last_name\n"
                "a@x.example,A,A\nb@x.example,B,B\nc@x.example,C,C\n");
  const grpc::Status away = ErrorStatus(grpc::StatusCode::UNAVAILABLE, "STORE_UNAVAILABLE");
  server_.Plan({{}, {.results_max = 1, .status = away}, {.instead_of_start = away}});
  const std::string flags = "--generate-passwords --import-id " + std::string(some_import_id);
  const Ran first = Import(flags + " --reconnect-timeout 0s");
  EXPECT_EQ(first.exit_code, 6) << first.err;
  EXPECT_THAT(first.err, HasSubstr("To go on:"));
  server_.Plan({});
  const Ran second = Import(flags + " --resume");
  EXPECT_EQ(second.exit_code, 0) << second.err;
  EXPECT_THAT(second.err, HasSubstr("3  created"));
  EXPECT_EQ(server_.seen().back().start.answered_through_row(), 1);
  EXPECT_EQ(server_.seen().back().rows, (std::vector<std::int64_t>{2, 3}));
  const std::string results = ReadText(folder_.Path("f.csv.results.csv"));
  // Rows 2 and 3 were settled and their answers lost: they have new passwords.
  EXPECT_THAT(results, AllOf(HasSubstr("\n1,CREATED,a@x.example,A,A,GENERATED-1,"),
                             HasSubstr("\n2,CREATED,b@x.example,B,B,GENERATED-4,"),
                             HasSubstr("\n3,CREATED,c@x.example,C,C,GENERATED-5,")));
}

TEST_F(ProvisionTest, TellsWhichPasswordsDiedWithTheStore) {
  folder_.Write("f.csv",
                "email_address,first_name,last_name\n"
                "a@x.example,A,A\nb@x.example,B,B\nc@x.example,C,C\n");
  const std::string flags = "--generate-passwords --import-id " + std::string(some_import_id);
  ASSERT_EQ(Import(flags).exit_code, 0);
  server_.LoseRowsAfter(1);
  const Ran ran = Import(flags + " --resume");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.err, HasSubstr("DEAD, do not hand them out: 2-3"));
  EXPECT_THAT(ran.err, Not(HasSubstr("Cannot reach")));
  EXPECT_EQ(server_.accounts(), 3);
  const std::string results = ReadText(folder_.Path("f.csv.results.csv"));
  EXPECT_THAT(results, AllOf(HasSubstr("GENERATED-1"), Not(HasSubstr("GENERATED-2")),
                             Not(HasSubstr("GENERATED-3")), HasSubstr("GENERATED-5")));
}

TEST_F(ProvisionTest, ValidatesAgainstTheServerWithoutWriting) {
  folder_.Write("f.csv", std::string(good_rows) + "c@bad.example,correct horse 3,C,C\n");
  const Ran ran = Run("validate f.csv --organization acme " + Connection());
  EXPECT_EQ(ran.exit_code, 1) << ran.err;
  EXPECT_THAT(ran.err, AllOf(HasSubstr("2  valid"), HasSubstr("A bad address.")));
  EXPECT_TRUE(server_.seen().at(0).start.validate_only());
  EXPECT_EQ(server_.accounts(), 0);
}

TEST_F(ProvisionTest, OffersAPlaceForEachFile) {
  folder_.Write("f.csv", std::string(good_rows) + "c@bad.example,correct horse 3,C,C\n");
  const Ran ran = Import("--skip-rejected --results r --problems p --rejects j");
  EXPECT_EQ(ran.exit_code, 1) << ran.err;
  EXPECT_TRUE(Exists("r") && Exists("p") && Exists("j"));
  EXPECT_THAT(ran.err, HasSubstr("--resume --results r --problems p --rejects j"));
}

TEST_F(ProvisionTest, ReadsStandardInput) {
  const std::string input = folder_.Write("in.csv", good_rows);
  const Ran ran = Run("import - --organization acme --results r.csv " + Connection(), "", input);
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ReadText(folder_.Path("r.csv")), HasSubstr("\n2,CREATED,b@x.example,"));
}

}  // namespace
}  // namespace provisioning
