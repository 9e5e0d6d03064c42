// SPDX-License-Identifier: Apache-2.0
// The program as scripts see it: exit codes, streams and files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "tests/unit/client/fake_provisioning_server.h"
#include "tests/unit/client/temp_folder.h"

namespace provisioning {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr char header[] = "email_address,initial_password,first_name,last_name\n";
constexpr char good[] =
    "email_address,initial_password,first_name,last_name\n"
    "a@x.example,correct horse 1,Ann,Ng\n"
    "b@x.example,correct horse 2,Ben,Ode\n";
constexpr char import_id[] = "0190a0a0-0000-7000-8000-000000000001";

struct Ran {
  int exit_code;
  std::string out;
  std::string err;
};

class ProvisionTest : public testing::Test {
 protected:
  // `arguments` as a shell takes them.
  Ran Run(const std::string& arguments, const std::string& environment = "",
          const std::string& input = "/dev/null") {
    const std::string command = "cd '" + folder_.Path("") + "' && env -u PROVISION_SERVER " +
                                environment + " " + PROVISION_PROGRAM + " " + arguments + " >'" +
                                folder_.Path("out") + "' 2>'" + folder_.Path("err") + "' <'" +
                                input + "'";
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, ReadText(folder_.Path("out")),
            ReadText(folder_.Path("err"))};
  }
  std::string Connection() const { return "--plaintext --server " + server_.address(); }
  Ran Import(const std::string& more = "") {
    return Run("import f.csv --organization acme " + Connection() + " " + more);
  }
  bool Exists(const std::string& name) const { return std::filesystem::exists(folder_.Path(name)); }

  FakeProvisioningServer server_;
  const TempFolder folder_;
};

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

struct UsageCase {
  const char* name;
  const char* arguments;
  int exit_code;
  const char* says;
};
class ProvisionUsageTest : public ProvisionTest, public testing::WithParamInterface<UsageCase> {};

TEST_P(ProvisionUsageTest, ExitsWithACodeAndAReason) {
  folder_.Write("good.csv", good);
  folder_.Write("bad-header.csv", "email,initial_password,first_name,last_name\n");
  folder_.Write("book.xlsx", "PK\x03\x04 xl/");
  folder_.Write("there.csv", good);
  folder_.Write("there.csv.results.csv", "mine");
  const Ran ran = Run(GetParam().arguments);
  EXPECT_EQ(ran.exit_code, GetParam().exit_code) << ran.err;
  EXPECT_THAT(ran.err, HasSubstr(GetParam().says));
  EXPECT_EQ(ran.out, "");
}

INSTANTIATE_TEST_SUITE_P(
    All, ProvisionUsageTest,
    testing::Values(
        UsageCase{"NoCommand", "", 2, "COMMAND"},
        UsageCase{"UnknownFlag", "version --nope", 2, "--nope"},
        UsageCase{"NoFile", "validate", 2, "FILE"},
        UsageCase{"NoOrganization", "import good.csv --server h:1", 2, "--organization"},
        UsageCase{"NotAnOrganization", "import good.csv --organization A --server h:1", 2,
                  "no organization"},
        UsageCase{"NoServer", "import good.csv --organization acme", 2, "PROVISION_SERVER"},
        UsageCase{"BadTtl", "import good.csv --organization acme --server h:1 --ttl 7", 2,
                  "no duration"},
        UsageCase{"TtlTooLong", "import good.csv --organization acme --server h:1 --ttl 91d", 2,
                  "from 1h to 90d"},
        UsageCase{"BadImportId", "import good.csv --organization acme --server h:1 --import-id X",
                  2, "UUID"},
        UsageCase{"ResumeWithoutId", "import good.csv --organization acme --server h:1 --resume", 2,
                  "--import-id"},
        UsageCase{"ResumeWithoutResults",
                  "import good.csv --organization acme --server h:1 --plaintext --resume "
                  "--import-id 0190a0a0-0000-7000-8000-000000000001",
                  2, "good.csv.results.csv"},
        UsageCase{"BadExisting", "import good.csv --organization acme --existing overwrite", 2,
                  "overwrite"},
        UsageCase{"CertificateWithoutKey",
                  "import good.csv --organization acme --server h:1 --cert c.pem", 2, "--key"},
        UsageCase{"StdinWithoutResults", "import - --organization acme --server h:1", 2,
                  "--results"},
        UsageCase{"OutputFileExists",
                  "import there.csv --organization acme --server h:1 --plaintext", 2,
                  "there.csv.results.csv exists already"},
        UsageCase{"NoSuchFile", "validate none.csv", 3, "none.csv: No such file"},
        UsageCase{"AFolder", "validate .", 3, "Is a directory"},
        UsageCase{"BadHeader", "validate bad-header.csv", 3, "did you mean email_address?"},
        UsageCase{"Workbook", "validate book.xlsx", 3, "Excel"},
        UsageCase{"NoCaFile", "health --server h:1 --cacert none.pem", 3, "none.pem"},
        UsageCase{"Unreachable", "health --server 127.0.0.1:1 --plaintext", 4, "cannot reach"},
        UsageCase{"UnreachableImport",
                  "import good.csv --organization acme --server 127.0.0.1:1 --plaintext "
                  "--reconnect-timeout 1s",
                  4, "Nothing was imported"},
        UsageCase{"NoClientNamed", "clients show --organization acme --server h:1", 2, "--email"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST_F(ProvisionTest, ValidatesOfflineByTheSharedRules) {
  folder_.Write("f.csv", good);
  const Ran ran = Run("validate f.csv");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.err, HasSubstr("2  valid"));
}

TEST_F(ProvisionTest, SaysEveryProblemOfAFile) {
  folder_.Write("f.csv", std::string(header) + "A@x.example,short,Ann,Ng\n");
  const Ran ran = Run("validate f.csv");
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("row 1 (line 2), email_address: "),
                             HasSubstr("Suggestion: a@x.example"), Not(HasSubstr("short,"))));
  EXPECT_THAT(ReadText(folder_.Path("f.csv.problems.csv")),
              AllOf(HasSubstr("1,2,email_address,EMAIL_UPPER_CASE,"),
                    HasSubstr("1,2,initial_password,TOO_SHORT,")));
}

TEST_F(ProvisionTest, Imports) {
  folder_.Write("f.csv", good);
  const Ran ran = Import();
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.err, AllOf(HasSubstr("2  created"), HasSubstr("f.csv.results.csv")));
  EXPECT_EQ(server_.accounts(), 2);
  EXPECT_FALSE(Exists("f.csv.problems.csv"));
  EXPECT_FALSE(Exists("f.csv.rejects.csv"));
}

TEST_F(ProvisionTest, SendsWhatIsKnownOfTheSource) {
  folder_.Write("f.csv", good);
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
  folder_.Write("f.csv", good);
  const Ran ran = Run("import f.csv --organization acme",
                      "PROVISION_PLAINTEXT=1 PROVISION_SERVER=" + server_.address());
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
}

TEST_F(ProvisionTest, AFlagBeatsTheEnvironment) {
  folder_.Write("f.csv", good);
  const Ran ran =
      Run("import f.csv --organization acme " + Connection(), "PROVISION_SERVER=127.0.0.1:1");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
}

TEST_F(ProvisionTest, OneRejectedRowStopsTheImportBeforeItBegins) {
  folder_.Write("f.csv", std::string(good) + "c@bad.example,correct horse 3,C,C\n");
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
  folder_.Write("f.csv", std::string(good) + "c@bad.example,correct horse 3,C,C\n");
  EXPECT_EQ(Import().exit_code, 1);
  const Ran again = Import("--skip-rejected");
  EXPECT_EQ(again.exit_code, 1) << again.err;
  EXPECT_EQ(server_.accounts(), 2);
}

TEST_F(ProvisionTest, AnotherFileInThePlaceOfTheProblemsIsKept) {
  folder_.Write("f.csv", good);
  folder_.Write("f.csv.problems.csv", "my,own,notes\n");
  const Ran ran = Import();
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("f.csv.problems.csv"), HasSubstr("--problems")));
  EXPECT_EQ(ReadText(folder_.Path("f.csv.problems.csv")), "my,own,notes\n");
}

TEST_F(ProvisionTest, SkipsRejectedRowsOnRequest) {
  folder_.Write("f.csv", std::string(good) + "c@bad.example,correct horse 3,C,C\n" +
                             "d@x.example,correct horse 4,D,D,extra\n");
  const Ran ran = Import("--skip-rejected");
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_EQ(server_.accounts(), 2);
  EXPECT_EQ(ReadText(folder_.Path("f.csv.rejects.csv")),
            std::string(header) + "c@bad.example,correct horse 3,C,C\n" +
                "d@x.example,correct horse 4,D,D,extra\n");
  EXPECT_THAT(ReadText(folder_.Path("f.csv.results.csv")),
              AllOf(HasSubstr("\n3,REJECTED,c@bad.example,C,C,,,,,false,EMAIL_DOMAIN: A bad"),
                    HasSubstr("\n4,REJECTED,d@x.example,D,D,,,,,false,\"EXTRA_CELL: Cell 5")));
  EXPECT_THAT(
      ReadText(folder_.Path("f.csv.problems.csv")),
      AllOf(HasSubstr("\n3,4,email_address,EMAIL_DOMAIN,"), HasSubstr("\n4,5,cell 5,EXTRA_CELL,")));
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
  folder_.Write("f.csv", std::string(header) + "c@bad.example,correct horse 3,C,C\n");
  const Ran ran = Import("--json");
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_THAT(ran.out, HasSubstr("\"outcome\":\"ROW_OUTCOME_REJECTED\""));
}

TEST_F(ProvisionTest, SaysHowToResumeBeforeItBegins) {
  folder_.Write("f.csv", good);
  const Ran ran = Import("--import-id " + std::string(import_id));
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_THAT(ran.err, HasSubstr("provision import f.csv --organization acme --import-id " +
                                 std::string(import_id) + " --resume --server"));
}

TEST_F(ProvisionTest, WhoIsNotAllowedLeavesNoResultsBehind) {
  folder_.Write("f.csv", good);
  const grpc::Status denied(grpc::StatusCode::PERMISSION_DENIED, "acme is not yours");
  server_.Plan({{}, {.instead_of_start = denied}});
  const Ran ran = Import();
  EXPECT_EQ(ran.exit_code, 5);
  EXPECT_THAT(ran.err, HasSubstr("acme is not yours"));
  EXPECT_FALSE(Exists("f.csv.results.csv"));
}

TEST_F(ProvisionTest, OptionsThatDifferAreUsage) {
  folder_.Write("f.csv", good);
  server_.Plan(
      {{},
       {.instead_of_start = ErrorStatus(grpc::StatusCode::FAILED_PRECONDITION, "OPTIONS_DIFFER")}});
  EXPECT_EQ(Import("--import-id " + std::string(import_id)).exit_code, 2);
}

TEST_F(ProvisionTest, ATakenOverImportIsBrokenOff) {
  folder_.Write("f.csv", good);
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
  const std::string flags = "--generate-passwords --import-id " + std::string(import_id);
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
  const std::string flags = "--generate-passwords --import-id " + std::string(import_id);
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
  folder_.Write("f.csv", std::string(good) + "c@bad.example,correct horse 3,C,C\n");
  const Ran ran = Run("validate f.csv --organization acme " + Connection());
  EXPECT_EQ(ran.exit_code, 1) << ran.err;
  EXPECT_THAT(ran.err, AllOf(HasSubstr("2  valid"), HasSubstr("A bad address.")));
  EXPECT_TRUE(server_.seen().at(0).start.validate_only());
  EXPECT_EQ(server_.accounts(), 0);
}

TEST_F(ProvisionTest, OffersAPlaceForEachFile) {
  folder_.Write("f.csv", std::string(good) + "c@bad.example,correct horse 3,C,C\n");
  const Ran ran = Import("--skip-rejected --results r --problems p --rejects j");
  EXPECT_EQ(ran.exit_code, 1) << ran.err;
  EXPECT_TRUE(Exists("r") && Exists("p") && Exists("j"));
  EXPECT_THAT(ran.err, HasSubstr("--resume --results r --problems p --rejects j"));
}

TEST_F(ProvisionTest, ReadsStandardInput) {
  const std::string input = folder_.Write("in.csv", good);
  const Ran ran = Run("import - --organization acme --results r.csv " + Connection(), "", input);
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ReadText(folder_.Path("r.csv")), HasSubstr("\n2,CREATED,b@x.example,"));
}

}  // namespace
}  // namespace provisioning
