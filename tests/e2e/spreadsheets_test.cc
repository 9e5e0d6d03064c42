// SPDX-License-Identifier: Apache-2.0
// Spreadsheets as programs really write them (tests/spreadsheets) become clients
// without hand-work, and each damaged one is told what is wrong with it.

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/credential/credential_factory.h"
#include "service/model/secret_string.h"
#include "tests/e2e/provision_fixture.h"
#include "tests/support/raw_database.h"

namespace provisioning {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr char utf8_mark[] = "\xEF\xBB\xBF";

std::string Fixture(const std::string& name) {
  return std::string(SPREADSHEETS_FOLDER) + "/" + name;
}

struct Person {
  std::string email_address;
  std::string password;
  // As the database shows them: address|first|last|date|gender.
  std::string line;
};

std::vector<Person> People(const std::string& group) {
  std::vector<Person> people;
  std::istringstream text(ReadFile(Fixture("people.tsv")));
  for (std::string line; std::getline(text, line);) {
    const std::vector<std::string> cells = absl::StrSplit(line, '\t');
    if (cells.size() != 7 || (group != "all" && cells[6] != group)) continue;
    const std::string date = cells[4].empty() ? "0" : cells[4];
    people.push_back({cells[0], cells[1],
                      cells[0] + "|" + cells[2] + "|" + cells[3] + "|" + date + "|" + cells[5]});
  }
  std::ranges::sort(people, {}, &Person::email_address);
  return people;
}

class SpreadsheetsTest : public ProvisionFixture {
 protected:
  // A copy, for the output files stand beside it.
  std::string Copy(const std::string& name) {
    const std::string path = folder_.File(name.substr(name.rfind('/') + 1));
    WriteFile(path, ReadFile(Fixture(name)));
    return path;
  }
};

struct GoodCase {
  const char* file;
  const char* group;
  const char* delimiter;
  bool mark;  // Of output files.
  std::vector<std::string> flags = {};
};
void PrintTo(const GoodCase& good, std::ostream* out) { *out << good.file; }

class GoodSpreadsheetTest : public SpreadsheetsTest,
                            public testing::WithParamInterface<GoodCase> {};

TEST_P(GoodSpreadsheetTest, BecomesTheSameClients) {
  const GoodCase& good = GetParam();
  const std::string file = Copy(good.file);
  const std::vector<Person> people = People(good.group);
  ASSERT_FALSE(people.empty());
  StartServer();
  std::vector<std::string> flags = {"--generate-passwords"};
  flags.insert(flags.end(), good.flags.begin(), good.flags.end());
  const Ran ran = Import(file, flags);
  ASSERT_EQ(ran.exit_code, 0) << ran.log;

  RawDatabase database(database_path_);
  std::vector<std::string> expected;
  for (const Person& person : people) expected.push_back(person.line);
  EXPECT_EQ(database.Read("SELECT email_address, first_name, last_name, birthdate, "
                          "CASE gender WHEN 0 THEN '' ELSE char(gender) END "
                          "FROM client ORDER BY email_address"),
            expected);
  // One password shows that the cell came through to the last character.
  const auto person =
      std::ranges::find_if(people, [](const Person& p) { return !p.password.empty(); });
  ASSERT_NE(person, people.end());
  EXPECT_TRUE(VerifyCredential(database.CredentialOf(person->email_address),
                               SecretString(person->password)))
      << person->email_address;

  const std::string header = std::string("row_number") + good.delimiter + "outcome";
  EXPECT_THAT(ReadFile(file + ".results.csv"), StartsWith(good.mark ? utf8_mark + header : header));
}

INSTANTIATE_TEST_SUITE_P(
    All, GoodSpreadsheetTest,
    testing::Values(
        GoodCase{"good/excel_utf8_comma.csv", "all", ",", true},
        GoodCase{"good/excel_utf8_semicolon.csv", "all", ";", true},
        GoodCase{"good/excel_unicode_text.txt", "all", "\t", true},
        GoodCase{
            "good/excel_ansi_western.csv", "western", ";", true, {"--encoding", "windows-1252"}},
        GoodCase{"good/excel_ansi_cyrillic.csv", "cyrillic", ";", true, {"--encoding", "CP1251"}},
        GoodCase{"good/excel_msdos.csv", "western", ";", true, {"--encoding", "ibm850"}},
        GoodCase{"good/excel_macintosh.csv", "western", ",", true, {"--encoding", "macintosh"}},
        GoodCase{"good/excel_sep_line.csv", "all", ";", false},
        GoodCase{"good/sep_line_utf16.csv", "all", "|", true},
        GoodCase{"good/google_sheets.csv", "all", ",", false},
        GoodCase{"good/numbers.csv", "all", ",", false},
        GoodCase{"good/numbers_semicolon.csv", "all", ";", false},
        GoodCase{"good/decomposed_names.csv", "all", ",", false},
        GoodCase{"good/utf16_big_endian.csv", "all", ",", true},
        GoodCase{"good/utf16_without_mark.csv", "all", ",", true, {"--encoding", "utf-16le"}},
        GoodCase{"good/koi8_r.csv", "cyrillic", ",", true, {"--encoding", "koi8-r"}},
        GoodCase{"good/carriage_returns.csv", "all", ",", false},
        GoodCase{"good/mixed_line_ends.csv", "all", ",", false},
        GoodCase{"good/all_quoted.csv", "all", ",", false},
        GoodCase{"good/tilde.txt", "all", "~", false, {"--delimiter", "~"}},
        GoodCase{"good/other_order.csv", "all", ",", false},
        GoodCase{"libreoffice/en_us_utf8.csv", "all", ",", false},
        GoodCase{"libreoffice/de_de_windows_1252.csv",
                 "western",
                 ";",
                 true,
                 {"--encoding", "windows-1252"}},
        GoodCase{"libreoffice/fr_fr_utf8_quoted.csv", "all", ";", false},
        GoodCase{"libreoffice/ja_jp_utf16.csv", "all", "\t", true}));

struct DamagedCase {
  const char* file;
  int exit_code;
  std::vector<const char*> says;           // On stderr.
  std::vector<const char*> problems = {};  // In the problems file.
  std::vector<std::string> flags = {};
};
void PrintTo(const DamagedCase& damaged, std::ostream* out) { *out << damaged.file; }

class DamagedSpreadsheetTest : public SpreadsheetsTest,
                               public testing::WithParamInterface<DamagedCase> {};

TEST_P(DamagedSpreadsheetTest, IsToldWhatIsWrong) {
  const DamagedCase& damaged = GetParam();
  const std::string file = Copy(damaged.file);
  std::vector<std::string> arguments = {"validate", file};
  arguments.insert(arguments.end(), damaged.flags.begin(), damaged.flags.end());
  const Ran ran = Run(arguments);
  EXPECT_EQ(ran.exit_code, damaged.exit_code) << ran.log;
  EXPECT_THAT(ran.log, HasSubstr(file));
  for (const char* part : damaged.says) EXPECT_THAT(ran.log, HasSubstr(part));
  const std::string problems = ReadFile(file + ".problems.csv");
  for (const char* part : damaged.problems) EXPECT_THAT(problems, HasSubstr(part));
  for (const char* secret : {"correct horse", "hunter"}) {
    EXPECT_THAT(ran.log + problems, Not(HasSubstr(secret)));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Headers, DamagedSpreadsheetTest,
    testing::Values(
        DamagedCase{"damaged/header_misspelt.csv",
                    3,
                    {"line 1: ", "- email_address", "\"emial_adress\"", "cell 1 (column A)",
                     "did you mean email_address?"}},
        DamagedCase{"damaged/header_missing.csv", 3, {"line 1: ", "- last_name", "missing"}},
        DamagedCase{"damaged/header_unknown.csv", 3, {"\"shoe size\"", "column G", "unknown"}},
        DamagedCase{"damaged/header_twice.csv", 3, {"\"Gender\"", "this column is there twice"}},
        DamagedCase{"damaged/header_german.csv",
                    3,
                    {"\"Vorname\"", "did you mean first_name?", "did you mean birthdate?"}},
        DamagedCase{"damaged/header_japanese.csv", 3, {"did you mean initial_password?"}},
        DamagedCase{"damaged/header_below_title.csv", 3, {"line 3 looks like the header"}},
        DamagedCase{"damaged/header_absent.csv", 3, {"names none of the columns", "template"}},
        DamagedCase{"damaged/header_one_column.csv", 3, {"- last_name", "missing"}},
        DamagedCase{"damaged/header_colons.csv", 3, {"one cell", "--delimiter ':'"}},
        DamagedCase{"damaged/header_unclosed_quote.csv", 3, {"line 1", "not closed"}},
        DamagedCase{"damaged/header_all_in_column_a.csv", 3, {"in quotes", "column A"}},
        DamagedCase{"damaged/header_not_utf8.csv",
                    3,
                    {"line 1: cell 3 (column C)", "0xE9", "--encoding windows-1252"}}));

INSTANTIATE_TEST_SUITE_P(
    NoCsv, DamagedSpreadsheetTest,
    testing::Values(
        DamagedCase{"damaged/empty.csv", 3, {"the file is empty"}},
        DamagedCase{"damaged/blank_lines.csv", 3, {"the file is empty"}},
        DamagedCase{"damaged/workbook.xlsx", 3, {"Excel workbook (.xlsx)", "CSV UTF-8"}},
        DamagedCase{"damaged/workbook.xls", 3, {"old Excel workbook (.xls)", "CSV UTF-8"}},
        DamagedCase{"damaged/workbook.ods", 3, {"OpenDocument spreadsheet", "Text CSV"}},
        DamagedCase{"damaged/book.numbers", 3, {"Numbers document", "Export To > CSV"}},
        DamagedCase{"damaged/document.pdf.csv", 3, {"PDF document"}},
        DamagedCase{"damaged/page.html.csv", 3, {"HTML or XML page"}},
        DamagedCase{"damaged/objects.json.csv", 3, {"JSON"}},
        DamagedCase{"damaged/contacts.vcf.csv", 3, {"vCard"}},
        DamagedCase{"damaged/clients.csv.gz", 3, {"gzip archive", "gunzip"}},
        DamagedCase{"damaged/nul_bytes.csv", 3, {"NUL bytes"}},
        DamagedCase{"damaged/utf16_without_mark.csv", 3, {"--encoding utf-16le"}},
        DamagedCase{"damaged/utf16_big_endian_without_mark.csv", 3, {"--encoding utf-16be"}}));

INSTANTIATE_TEST_SUITE_P(
    Rows, DamagedSpreadsheetTest,
    testing::Values(
        DamagedCase{"damaged/extra_cell.csv",
                    1,
                    {"2  valid", "row 2 (line 3)", "Cell 8 (column H)", "split in two"},
                    {"EXTRA_CELL"}},
        DamagedCase{
            "damaged/password_with_comma.csv",
            1,
            {"Cell 7 (column G)", "a password or a name with a comma must stand in quotes"}},
        DamagedCase{"damaged/unclosed_quote.csv",
                    1,
                    {"3  valid", "Cell 3 (column C): a quote opens the cell on line 3"},
                    {"UNCLOSED_QUOTE"}},
        DamagedCase{"damaged/text_after_quote.csv",
                    1,
                    {"2  valid", "Cell 3 (column C): text follows the quote"},
                    {"TEXT_AFTER_QUOTE"}},
        DamagedCase{"damaged/line_break_in_name.csv",
                    1,
                    {"row 1 (line 2)", "row 3 (line 5)", "line break"},
                    {"CONTROL_CHARACTER"}},
        DamagedCase{"damaged/nul_in_name.csv", 1, {"\\u{0}", "control character"}},
        DamagedCase{"damaged/windows_1252_as_utf8.csv",
                    1,
                    {"byte 3 is 0xEB", "cell 3 (column C), line 3", "--encoding windows-1252",
                     "2 rows are not in UTF-8"},
                    {"INVALID_UTF8"}},
        DamagedCase{"damaged/windows_1252_undefined.csv",
                    1,
                    {"1  rejected", "Cell 3 (column C), line 3", "no character in windows-1252"},
                    {"INVALID_UTF8"},
                    {"--encoding", "windows-1252"}},
        DamagedCase{"damaged/utf16_half_character.csv",
                    1,
                    {"commas, UTF-16", "1  rejected", "half of a character"},
                    {"INVALID_UTF8"}},
        DamagedCase{"damaged/utf16_cut_off.csv", 1, {"3  valid", "line 5: half of a character"}},
        DamagedCase{"damaged/dates.csv",
                    1,
                    {"14  rejected"},
                    {"1981-11-20", "DATE_FORMAT", "YYYYMMDD", ",19811120\n", "DATE_SERIAL_NUMBER",
                     "day count", "DATE_SCIENTIFIC", "lost digits", "SPREADSHEET_FORMULA",
                     "a spreadsheet's formula", "SPREADSHEET_ERROR", "#N/A", "########",
                     "DATE_NOT_REAL", "no day of the calendar", "DATE_IN_FUTURE", "DATE_TOO_EARLY",
                     "has lost the century", "has seven digits"}}));

// Cells of the format date, as LibreOffice writes them in three countries.
INSTANTIATE_TEST_SUITE_P(
    Dates, DamagedSpreadsheetTest,
    testing::Values(
        DamagedCase{"libreoffice/en_us_utf8_dates.csv", 1, {"\"11/20/81\" has lost the century"}},
        DamagedCase{"libreoffice/de_de_windows_1252_dates.csv",
                    1,
                    {"\"20.11.81\" has lost the century"},
                    {},
                    {"--encoding", "windows-1252"}},
        DamagedCase{"libreoffice/fr_fr_utf8_quoted_dates.csv",
                    1,
                    {"\"20/11/1981\" is not of the form YYYYMMDD", "Suggestion: 19811120"}},
        DamagedCase{
            "libreoffice/ja_jp_utf16_dates.csv", 1, {"\"81/11/20\" has lost the century"}}));

struct FlagCase {
  std::vector<std::string> flags;
  int exit_code;
  const char* says;
};
class SpreadsheetFlagTest : public SpreadsheetsTest,
                            public testing::WithParamInterface<FlagCase> {};

TEST_P(SpreadsheetFlagTest, IsRefusedByName) {
  std::vector<std::string> arguments = {"validate", Copy("good/excel_unicode_text.txt")};
  arguments.insert(arguments.end(), GetParam().flags.begin(), GetParam().flags.end());
  const Ran ran = Run(arguments);
  EXPECT_EQ(ran.exit_code, GetParam().exit_code) << ran.log;
  EXPECT_THAT(ran.log, HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    All, SpreadsheetFlagTest,
    testing::Values(FlagCase{{"--delimiter", "colon"}, 2, "--delimiter: \"colon\""},
                    FlagCase{{"--delimiter", "x"}, 2, "comma, semicolon, tab, pipe"},
                    FlagCase{{"--encoding", "klingon"}, 2, "--encoding: there is no encoding"},
                    FlagCase{{"--encoding", "windows-1252"}, 3, "leave --encoding out"},
                    FlagCase{{"--delimiter", "comma"}, 3, "--delimiter tab"}));

std::string Utf16(const std::string& ascii) {
  std::string text;
  for (const char c : ascii) text += {c, '\0'};
  return text;
}

// What is to be mended is given back as its own spreadsheet reads it.
TEST_F(SpreadsheetsTest, RejectsKeepTheirEncoding) {
  const std::string file = folder_.File("clients.txt");
  const std::string head = "\xFF\xFE" + Utf16("sep=;\r\nemail_address;first_name;last_name\r\n");
  const std::string bad =
      Utf16("B@x.example;\"=1;") + std::string("\x3D\xD8\x00\xDE", 4) + Utf16("\";-B\r\n");
  WriteFile(file, head + Utf16("a@x.example;A;A\r\n") + bad + Utf16("c@x.example;C;C\r\n"));
  StartServer();
  const Ran ran = Import(file, {"--generate-passwords", "--skip-rejected"});
  EXPECT_EQ(ran.exit_code, 1) << ran.log;
  EXPECT_EQ(ReadFile(file + ".rejects.csv"), head + bad);
}

TEST_F(SpreadsheetsTest, TheCommandThatResumesNamesTheEncoding) {
  const std::string file = Copy("good/excel_ansi_western.csv");
  StartServer();
  const Ran ran = Import(
      file, {"--generate-passwords", "--encoding", "windows-1252", "--delimiter", "semicolon"});
  EXPECT_EQ(ran.exit_code, 0) << ran.log;
  EXPECT_THAT(ran.log, HasSubstr("--delimiter semicolon --encoding windows-1252"));
}

TEST_F(SpreadsheetsTest, AHugeCellDoesNotHideWhoseItIs) {
  const std::string file = folder_.File("clients.csv");
  WriteFile(file, "email_address,initial_password,first_name,last_name\na@x.example," +
                      std::string(1 << 20, 'x') + ",Ann,Ng\n");
  StartServer();
  const Ran ran = Import(file, {"--skip-rejected"});
  EXPECT_EQ(ran.exit_code, 1) << ran.log;
  EXPECT_THAT(ReadFile(file + ".results.csv"),
              testing::AllOf(HasSubstr("1,REJECTED,a@x.example,Ann,Ng,"),
                             HasSubstr("RECORD_TOO_LARGE: Cell 2 (column B): there is more in this "
                                       "cell than the 64 KiB"),
                             Not(HasSubstr("xxxxxxxx"))));
}

// Rows that were read before and after a change do not make a whole.
TEST_F(SpreadsheetsTest, AFileThatChangesIsNotComplete) {
  const std::string file = folder_.File("clients.csv");
  {
    std::ofstream rows(file, std::ios::binary);
    rows << "email_address,first_name,last_name\n";
    for (int i = 0; i < 60'000; ++i) rows << "client" << i << "@x.example,A,B\n";
  }
  StartServer();
  const auto client = StartImport(file, {"--generate-passwords"});
  ASSERT_TRUE(client->WaitForLog("--resume")) << client->log();
  std::ofstream(file, std::ios::app) << "one@x.example,A,B\n";
  EXPECT_EQ(client->Wait(absl::Minutes(2)), 3) << client->log();
  EXPECT_THAT(client->log(), HasSubstr("clients.csv: the file was changed while it was read"));
  EXPECT_NE(RawDatabase(database_path_).ReadCell("SELECT count(*) FROM import WHERE complete"),
            "1");
}

}  // namespace
}  // namespace provisioning
