// SPDX-License-Identifier: Apache-2.0
// Every way to end, with its exit code and its words. The program prints them
// all, to be read by somebody:
//
//   build/dev/bin/client_messages_test | less
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <vector>

#include "tests/unit/client/provision_program.h"

namespace provisioning {
namespace {

using testing::HasSubstr;
using testing::Not;
using Faults = std::deque<FakeProvisioningServer::Fault>;

grpc::Status Refusal(grpc::StatusCode code, const std::string& reason) {
  return ErrorStatus(code, reason);
}

// The validation goes well, the import itself is answered by this.
Faults AtTheImport(const grpc::Status& status) { return {{}, {.instead_of_start = status}}; }
Faults AfterOneRow(const grpc::Status& status) {
  return {{}, {.results_max = 1, .status = status}, {.instead_of_start = status}};
}

struct MessageCase {
  const char* name;
  int exit_code;
  // {server} stands for the flags of the connection, {address} for where the
  // server is, {id} for some import's id.
  std::string arguments;
  // What has to be there: where it is, and what to do.
  std::vector<std::string> says;
  Faults faults = {};
};

void PrintTo(const MessageCase& test, std::ostream* out) { *out << test.arguments; }

const std::string import_good = "import good.csv --organization acme {server} ";

std::vector<MessageCase> Cases() {
  const auto away = Refusal(grpc::StatusCode::UNAVAILABLE, "STORE_UNAVAILABLE");
  return {
      // 0: every row was accepted.
      {"Imported", 0, import_good, {"2  created", "good.csv.results.csv"}},
      {"Valid", 0, "validate good.csv", {"2  valid"}},
      {"NoRows", 0, "import no-rows.csv --organization acme {server}", {"no-rows.csv", "no rows"}},
      {"ValidateNoRows", 0, "validate no-rows.csv", {"no-rows.csv", "no rows"}},

      // 1: some rows were not.
      {"Rejected",
       1,
       "import rejected.csv --organization acme {server}",
       {"rejected.csv", "row 3 (line 4), email_address", "Nothing was imported",
        "--skip-rejected"}},
      {"RejectedSkipped",
       1,
       "import rejected.csv --organization acme {server} --skip-rejected",
       {"1  rejected", "row 3 (line 4), email_address", "rejected.csv.rejects.csv"}},
      {"RejectedOffline",
       1,
       "validate violations.csv",
       {"row 1 (line 2), email_address", "row 2 (line 3), cell 5", "violations.csv.problems.csv"}},

      // 2: the command line.
      {"NoCommand", 2, "", {"--help"}},
      {"UnknownCommand", 2, "imprt good.csv", {"imprt", "import"}},
      {"UnknownFlag", 2, "version --nope", {"--nope"}},
      {"MisspeltFlag", 2, import_good + "--skip-rejcted", {"--skip-rejcted"}},
      {"NoFile", 2, "validate", {"FILE"}},
      {"NoOrganization", 2, "import good.csv --server h:1", {"--organization"}},
      {"NotAnOrganization",
       2,
       "import good.csv --organization A --server h:1",
       {"--organization", "no organization", "lower-case"}},
      {"NoServer", 2, "import good.csv --organization acme", {"--server", "PROVISION_SERVER"}},
      {"BadTtl",
       2,
       "import good.csv --organization acme --server h:1 --ttl 7",
       {"--ttl", "no duration", "7d"}},
      {"TtlTooLong",
       2,
       "import good.csv --organization acme --server h:1 --ttl 91d",
       {"--ttl", "from 1h to 90d"}},
      {"BadReconnectTimeout",
       2,
       import_good + "--reconnect-timeout soon",
       {"--reconnect-timeout", "no duration", "90m"}},
      {"BadImportId", 2, import_good + "--import-id X", {"--import-id", "UUID"}},
      {"ResumeWithoutId", 2, import_good + "--resume", {"--import-id"}},
      {"ResumeWithoutResults",
       2,
       import_good + "--resume --import-id {id}",
       {"good.csv.results.csv", "--resume"}},
      {"ResumeOfAnotherFile",
       2,
       import_good + "--resume --import-id {id} --results notes.txt",
       {"notes.txt"}},
      {"BadExisting",
       2,
       "import good.csv --organization acme --existing overwrite",
       {"--existing", "overwrite", "report"}},
      {"BadEncoding",
       2,
       "validate good.csv --encoding ebcdic",
       {"--encoding", "ebcdic", "windows-1252"}},
      {"BadDelimiter", 2, "validate good.csv --delimiter dot", {"--delimiter", "semicolon"}},
      {"CertificateWithoutKey",
       2,
       "import good.csv --organization acme --server h:1 --cert c.pem",
       {"--cert", "--key"}},
      {"PlaintextWithCertificates",
       2,
       "health --server h:1 --plaintext --cacert c.pem",
       {"--plaintext", "--cacert"}},
      {"StdinWithoutResults", 2, "import - --organization acme --server h:1", {"--results"}},
      {"ResultsExist",
       2,
       "import there.csv --organization acme {server}",
       {"there.csv.results.csv", "exists already", "--results"}},
      {"RejectsExist",
       2,
       "import rejects-there.csv --organization acme {server}",
       {"rejects-there.csv.rejects.csv", "exists already", "--rejects"}},
      {"ForeignProblems",
       2,
       "import foreign.csv --organization acme {server}",
       {"foreign.csv.problems.csv", "--problems"}},
      {"TemplateExists", 2, "template good.csv", {"good.csv"}},
      {"NoClientNamed", 2, "clients show --organization acme --server h:1", {"--email"}},
      {"OptionsDiffer",
       2,
       import_good + "--import-id {id}",
       {"was started with something else", "--import-id"},
       AtTheImport(Refusal(grpc::StatusCode::FAILED_PRECONDITION, "OPTIONS_DIFFER"))},
      {"ImportCompleted",
       2,
       import_good + "--import-id {id}",
       {"complete", "--import-id"},
       AtTheImport(Refusal(grpc::StatusCode::FAILED_PRECONDITION, "IMPORT_COMPLETED"))},

      // 3: a file.
      {"NoSuchFile", 3, "validate none.csv", {"none.csv: No such file"}},
      {"AFolder", 3, "validate .", {"Is a directory"}},
      {"EmptyFile", 3, "validate empty.csv", {"empty.csv", "empty"}},
      {"BadHeader",
       3,
       "validate bad-header.csv",
       {"bad-header.csv", "did you mean email_address?"}},
      {"NoHeader", 3, "validate no-header.csv", {"no-header.csv", "provision template"}},
      {"Workbook", 3, "validate book.xlsx", {"book.xlsx", "Excel", "CSV UTF-8"}},
      {"NoCaFile", 3, "health --server h:1 --cacert none.pem", {"none.pem"}},
      {"NoFolderForResults", 3, import_good + "--results none/r.csv", {"none/r.csv"}},
      {"NoFolderForTheTemplate", 3, "template none/t.csv", {"none/t.csv"}},

      // 4: the server cannot be reached.
      {"Unreachable", 4, "health --server 127.0.0.1:1 --plaintext", {"cannot reach 127.0.0.1:1"}},
      {"NoSuchHost",
       4,
       "health --server none.invalid:1 --plaintext",
       {"cannot reach none.invalid:1"}},
      {"UnreachableImport",
       4,
       "import good.csv --organization acme --server 127.0.0.1:1 --plaintext "
       "--reconnect-timeout 1s",
       {"127.0.0.1:1", "Nothing was imported"}},
      {"ServerWithoutTls", 4, "health --server {address}", {"{address}", "--plaintext"}},
      {"NoSuchService", 4, "clients list --organization acme {server}", {"{address}"}},

      // 5: not allowed.
      {"NotAllowed",
       5,
       import_good,
       {"not allowed"},
       AtTheImport(Refusal(grpc::StatusCode::PERMISSION_DENIED, "NOT_ALLOWED"))},
      {"NotKnown",
       5,
       import_good,
       {"not allowed"},
       AtTheImport(Refusal(grpc::StatusCode::UNAUTHENTICATED, "NOT_ALLOWED"))},

      // 6: broken off.
      {"BrokenOff",
       6,
       import_good + "--reconnect-timeout 0s",
       {"{address}", "--import-id", "--resume"},
       AfterOneRow(away)},
      {"TakenOver",
       6,
       import_good,
       {"another process"},
       {{}, {.results_max = 1, .status = Refusal(grpc::StatusCode::ABORTED, "TAKEN_OVER")}}},
      {"QuotaExceeded",
       6,
       import_good,
       {"--resume"},
       AfterOneRow(Refusal(grpc::StatusCode::RESOURCE_EXHAUSTED, "QUOTA_EXCEEDED"))},
  };
}

class MessagesTest : public ProvisionProgram, public testing::WithParamInterface<MessageCase> {
 protected:
  MessagesTest() {
    const std::string good = good_rows;
    folder_.Write("good.csv", good);
    folder_.Write("no-rows.csv", required_columns);
    folder_.Write("rejected.csv", good + "c@bad.example,correct horse 3,C,C\n");
    folder_.Write("violations.csv", std::string(required_columns) +
                                        "A@x.example,correct horse 1,Ann,Ng\n"
                                        "b@x.example,correct horse 2,Ben,Ode,more\n");
    folder_.Write("there.csv", good);
    folder_.Write("there.csv.results.csv", "mine");
    folder_.Write("rejects-there.csv", good);
    folder_.Write("rejects-there.csv.rejects.csv", "mine");
    folder_.Write("foreign.csv", good);
    folder_.Write("foreign.csv.problems.csv", "my,own,notes\n");
    folder_.Write("notes.txt", "my own notes\n");
    folder_.Write("empty.csv", "");
    folder_.Write("bad-header.csv", "email,initial_password,first_name,last_name\n");
    folder_.Write("no-header.csv", "a@x.example,correct horse 1,Ann,Ng\n");
    folder_.Write("book.xlsx", "PK\x03\x04 xl/");
  }

  std::string Filled(std::string text) const {
    const std::pair<std::string, std::string> places[] = {
        {"{server}", Connection()}, {"{address}", server_.address()}, {"{id}", some_import_id}};
    for (const auto& [word, value] : places) {
      for (std::size_t at; (at = text.find(word)) != std::string::npos;) {
        text.replace(at, word.size(), value);
      }
    }
    return text;
  }
};

TEST_P(MessagesTest, SaysWhatIsWrongAndWhatToDo) {
  const MessageCase& test = GetParam();
  server_.Plan(test.faults);
  const Ran ran = Run(Filled(test.arguments));
  printf("exit %d: provision %s\n%s\n", ran.exit_code, test.arguments.c_str(), ran.err.c_str());
  EXPECT_EQ(ran.exit_code, test.exit_code);
  for (const std::string& part : test.says) {
    EXPECT_THAT(ran.err, HasSubstr(Filled(part)));
  }
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.err, Not(HasSubstr("correct horse"))) << "a password";
  EXPECT_THAT(ran.err, Not(HasSubstr("\033"))) << "this is no terminal";
}

INSTANTIATE_TEST_SUITE_P(All, MessagesTest, testing::ValuesIn(Cases()),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace provisioning
