// SPDX-License-Identifier: Apache-2.0
// The files that say what became of the rows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "client/report/cell_text.h"
#include "client/report/import_report.h"
#include "client/report/problems_file.h"
#include "client/report/rejects_file.h"
#include "client/report/results_file.h"
#include "tests/support/fake_clock.h"
#include "tests/unit/client/string_source.h"
#include "tests/unit/client/temp_folder.h"

namespace provisioning {
namespace {

using testing::ElementsAre;
using testing::Pair;

constexpr char results_header[] =
    "row_number,outcome,email_address,first_name,last_name,temporary_password,"
    "password_expires_at,client_id,first_row_number,replayed,violations,warnings\n";

v1::RowResult Result(std::int64_t row, v1::RowOutcome outcome) {
  v1::RowResult result;
  result.set_row_number(row);
  result.set_outcome(outcome);
  result.set_email_address("r" + std::to_string(row) + "@x.example");
  return result;
}

std::vector<std::pair<std::int64_t, std::string>> Lines(ResultsFile& file) {
  std::vector<std::pair<std::int64_t, std::string>> lines;
  const absl::Status status = file.ForEach(
      [&](std::int64_t row, const std::string& outcome) { lines.emplace_back(row, outcome); });
  EXPECT_TRUE(status.ok()) << status;
  return lines;
}

struct CellCase {
  const char* text;
  const char* cell;
};
class CsvCellTest : public testing::TestWithParam<CellCase> {};

TEST_P(CsvCellTest, IsSafeAndQuotedWhereNeeded) {
  EXPECT_EQ(CsvCell(GetParam().text, ','), GetParam().cell);
}

INSTANTIATE_TEST_SUITE_P(
    All, CsvCellTest,
    testing::Values(CellCase{"", ""}, CellCase{"plain", "plain"}, CellCase{"a,b", "\"a,b\""},
                    CellCase{"a;b", "a;b"}, CellCase{"say \"hi\"", "\"say \"\"hi\"\"\""},
                    CellCase{"two\nlines", "\"two\nlines\""}, CellCase{" edge", "\" edge\""},
                    CellCase{"=1+1", "'=1+1"}, CellCase{"+news@x.example", "'+news@x.example"},
                    CellCase{"-minus", "'-minus"}, CellCase{"@cmd", "'@cmd"},
                    CellCase{"\tx", "\"'\tx\""}, CellCase{"\rx", "\"'\rx\""},
                    CellCase{"\xEF\xBC\x9D"
                             "1",
                             "'\xEF\xBC\x9D"
                             "1"},
                    CellCase{"a=1", "a=1"}, CellCase{"\xE9va", "\xEF\xBF\xBDva"}));

TEST(IssuesTextTest, JoinsCodesAndMessages) {
  v1::RowResult result;
  auto* first = result.add_violations();
  first->set_code(v1::FIELD_ISSUE_CODE_TOO_SHORT);
  first->set_message("Too short.");
  auto* second = result.add_violations();
  second->set_code(static_cast<v1::FieldIssueCode>(9999));
  second->set_message("New.");
  EXPECT_EQ(IssuesText(result.violations()), "TOO_SHORT: Too short. | CODE_9999: New.");
}

TEST(TimeTextTest, IsWholeSecondsInUtc) {
  google::protobuf::Timestamp time;
  time.set_seconds(1'790'000'000);
  time.set_nanos(999'999'999);
  EXPECT_EQ(TimeText(time), "2026-09-21T14:13:20Z");
}

TEST(ResultsFileTest, WritesEveryColumn) {
  const TempFolder folder;
  auto file = ResultsFile::Create(folder.Path("r.csv"), CsvDialect());
  ASSERT_TRUE(file.ok()) << file.status();
  v1::RowResult result = Result(7, v1::ROW_OUTCOME_CREATED);
  result.set_client_id("0190a0a0-0000-7000-8000-000000000001");
  result.set_temporary_password("ABCDE-FGHJK");
  result.mutable_password_expires_at()->set_seconds(1'790'000'000);
  result.set_replayed(true);
  auto* warning = result.add_warnings();
  warning->set_code(v1::FIELD_ISSUE_CODE_TRIMMED);
  warning->set_message("White space was removed.");
  ClientRow row;
  row.first_name = " =Ann ";
  row.last_name = "Ng, Dr.";
  (*file)->Append(result, row);
  v1::RowResult duplicate = Result(8, v1::ROW_OUTCOME_DUPLICATE_ROW);
  duplicate.set_first_row_number(7);
  (*file)->Append(duplicate, ClientRow());
  ASSERT_TRUE((*file)->Flush().ok());
  EXPECT_EQ(ReadText(folder.Path("r.csv")),
            std::string(results_header) +
                "7,CREATED,r7@x.example,'=Ann,\"Ng, Dr.\",ABCDE-FGHJK,2026-09-21T14:13:20Z,"
                "0190a0a0-0000-7000-8000-000000000001,,true,,TRIMMED: White space was removed.\n"
                "8,DUPLICATE_ROW,r8@x.example,,,,,,7,false,,\n");
}

TEST(ResultsFileTest, IsWrittenLikeTheSource) {
  const TempFolder folder;
  const auto file =
      ResultsFile::Create(folder.Path("r.csv"), {.delimiter = ';', .byte_order_mark = true});
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(ReadText(folder.Path("r.csv")).substr(0, 21), "\xEF\xBB\xBFrow_number;outcome");
}

TEST(ResultsFileTest, IsForItsOwnerAlone) {
  const TempFolder folder;
  ASSERT_TRUE(ResultsFile::Create(folder.Path("r.csv"), CsvDialect()).ok());
  struct stat state {};
  ASSERT_EQ(stat(folder.Path("r.csv").c_str(), &state), 0);
  EXPECT_EQ(state.st_mode & 0777, 0600u);
}

TEST(ResultsFileTest, OverwritesNothing) {
  const TempFolder folder;
  const std::string path = folder.Write("r.csv", "mine");
  EXPECT_TRUE(absl::IsAlreadyExists(ResultsFile::Create(path, CsvDialect()).status()));
  EXPECT_EQ(ReadText(path), "mine");
}

struct JournalCase {
  const char* name;
  std::string tail;  // Behind two whole records.
};
class TornJournalTest : public testing::TestWithParam<JournalCase> {};

// Whatever a power loss left of the last record goes, and the next one is
// appended to what was whole.
TEST_P(TornJournalTest, GoesOnAfterTheLastWholeRecord) {
  const TempFolder folder;
  const std::string whole = std::string(results_header) +
                            "1,CREATED,a@x.example,\"A\nB\",\"say \"\"x\"\"\",PW,,,,false,,\n"
                            "3,REJECTED,b@x.example,,,,,,,false,REQUIRED: x | TOO_LONG: y,\n";
  const std::string path = folder.Write("r.csv", whole + GetParam().tail);
  auto file = ResultsFile::Reopen(path);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ((*file)->last_row_number(), 3);
  EXPECT_EQ((*file)->counts()[RowOutcome::kCreated], 1);
  EXPECT_EQ((*file)->counts()[RowOutcome::kRejected], 1);
  (*file)->Append(Result(4, v1::ROW_OUTCOME_CREATED), ClientRow());
  ASSERT_TRUE((*file)->Flush().ok());
  EXPECT_EQ(ReadText(path), whole + "4,CREATED,r4@x.example,,,,,,,false,,\n");
  EXPECT_EQ((*file)->counts()[RowOutcome::kCreated], 2);
}

INSTANTIATE_TEST_SUITE_P(
    All, TornJournalTest,
    testing::Values(JournalCase{"Nothing", ""}, JournalCase{"InANumber", "4"},
                    JournalCase{"BeforeTheLineEnd", "4,CREATED,c@x.example,,,,,,,false,,"},
                    JournalCase{"InAQuote", "4,CREATED,c@x.example,\"two\nlines"},
                    JournalCase{"BehindALineInAQuote", "4,CREATED,c@x.example,\"two\n"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(ResultsFileTest, ReopensAFileWithByteOrderMarkAndSemicolons) {
  const TempFolder folder;
  const std::string path = folder.Path("r.csv");
  {
    auto file = ResultsFile::Create(path, {.delimiter = ';', .byte_order_mark = true});
    ASSERT_TRUE(file.ok());
    (*file)->Append(Result(1, v1::ROW_OUTCOME_CREATED), ClientRow());
  }
  auto file = ResultsFile::Reopen(path);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ((*file)->last_row_number(), 1);
  (*file)->Append(Result(2, v1::ROW_OUTCOME_CREATED), ClientRow());
  ASSERT_TRUE((*file)->Flush().ok());
  EXPECT_THAT(Lines(**file), ElementsAre(Pair(1, "CREATED"), Pair(2, "CREATED")));
  EXPECT_THAT(ReadText(path), testing::HasSubstr("\n2;CREATED;r2@x.example;"));
}

// A line that somebody has damaged is no torn end: what stands behind it is good,
// passwords included.
TEST(ResultsFileTest, ADamagedLineTakesNothingWithIt) {
  const TempFolder folder;
  const std::string path = folder.Path("r.csv");
  {
    auto file = ResultsFile::Create(path, CsvDialect());
    ASSERT_TRUE(file.ok());
    for (int row = 1; row <= 4; ++row) {
      (*file)->Append(Result(row, v1::ROW_OUTCOME_CREATED), ClientRow());
    }
  }
  const std::string whole = ReadText(path);
  for (const char* damaged : {"\"Ann\"3", "\"Ann", "\"Ann\nLee"}) {
    std::string text = whole;
    const std::size_t address = text.find("r2@x.example");
    text.replace(address, 12, damaged);
    folder.Write("r.csv", text);
    EXPECT_TRUE(absl::IsInvalidArgument(ResultsFile::Reopen(path).status())) << damaged;
    EXPECT_EQ(ReadText(path), text) << damaged;
  }
}

TEST(ResultsFileTest, DoesNotGoOnWithAnotherFile) {
  const TempFolder folder;
  for (const char* text : {"a,b\n1,2\n", "row_number,outcome\n", "row_numbers"}) {
    const std::string path = folder.Write("r.csv", text);
    EXPECT_TRUE(absl::IsInvalidArgument(ResultsFile::Reopen(path).status())) << text;
    EXPECT_EQ(ReadText(path), text);
  }
  EXPECT_TRUE(absl::IsNotFound(ResultsFile::Reopen(folder.Path("none.csv")).status()));
}

// A process can end, and a disk can fill, at any byte.
TEST(RowFileTest, GoesOnFromEveryByte) {
  constexpr std::array<std::string_view, 3> columns = {"row_number", "outcome", "text"};
  for (const CsvDialect& dialect :
       {CsvDialect(), CsvDialect{.delimiter = ';', .byte_order_mark = true},
        CsvDialect{.delimiter = '\t'}, CsvDialect{.delimiter = '~'}}) {
    const TempFolder folder;
    const std::string path = folder.Path("r.csv");
    const auto append_from = [](RowFile& file, std::int64_t row) {
      for (; row <= 4; ++row) {
        const std::string text = row == 2 ? "two\nlines; \"quoted\"\r\n" : "a,b;c\td=";
        file.Append(std::vector<std::string>{std::to_string(row), "X", text});
      }
    };
    append_from(**RowFile::Create(path, dialect, columns), 1);
    const std::string whole = ReadText(path);
    ASSERT_GT(whole.size(), 80u);
    for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
      folder.Write("r.csv", whole.substr(0, cut));
      std::int64_t last = 0;
      const auto note = [&last](std::int64_t row, const std::vector<std::string>&) { last = row; };
      auto file = RowFile::Reopen(path, columns, note, dialect);
      ASSERT_TRUE(file.ok()) << "cut at " << cut << ": " << file.status();
      append_from(**file, last + 1);
      file->reset();
      ASSERT_EQ(ReadText(path), whole) << "cut at " << cut;
    }
  }
}

TEST(RowFileTest, IsOneProcesssAlone) {
  const TempFolder folder;
  const std::string path = folder.Path("r.csv");
  auto file = ResultsFile::Create(path, CsvDialect());
  ASSERT_TRUE(file.ok());
  const absl::Status second = ResultsFile::Reopen(path).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(second)) << second;
  EXPECT_THAT(second.message(), testing::HasSubstr("another provision"));
  file->reset();
  auto reopened = ResultsFile::Reopen(path);
  ASSERT_TRUE(reopened.ok()) << reopened.status();
  EXPECT_TRUE(absl::IsFailedPrecondition(ResultsFile::Reopen(path).status()));
}

TEST(RowFileTest, ADeletedFileIsPutBack) {
  const TempFolder folder;
  const std::string path = folder.Path("r.csv");
  auto file = ResultsFile::Create(path, CsvDialect());
  ASSERT_TRUE(file.ok());
  std::string expected = results_header;
  for (int row = 1; row <= 3000; ++row) {
    if (row % 1000 == 0) {
      ASSERT_TRUE((*file)->Flush().ok());
      ASSERT_TRUE(std::filesystem::remove(path));
    }
    (*file)->Append(Result(row, v1::ROW_OUTCOME_CREATED), ClientRow());
    expected +=
        std::to_string(row) + ",CREATED,r" + std::to_string(row) + "@x.example,,,,,,,false,,\n";
  }
  ASSERT_TRUE((*file)->Sync().ok());
  EXPECT_EQ(ReadText(path), expected);
  EXPECT_TRUE(absl::IsFailedPrecondition(ResultsFile::Reopen(path).status()))
      << "the new file is locked as the old one was";
}

TEST(RowFileTest, ADeletedFileDoesNotOverwriteWhatIsInItsPlace) {
  const TempFolder folder;
  const std::string path = folder.Path("r.csv");
  auto file = ResultsFile::Create(path, CsvDialect());
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE(std::filesystem::remove(path));
  folder.Write("r.csv", "mine");
  EXPECT_FALSE((*file)->Sync().ok());
  EXPECT_EQ(ReadText(path), "mine");
}

// What a spreadsheet saves as "Unicode text".
TEST(ResultsFileTest, DoesNotGoOnWithAFileInAnotherEncoding) {
  const TempFolder folder;
  std::string text = "\xFF\xFE";
  for (const char* c = results_header; *c != 0; ++c) text += {*c, '\0'};
  const std::string path = folder.Write("r.csv", text);
  const absl::Status status = ResultsFile::Reopen(path).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_THAT(status.message(), testing::HasSubstr("UTF-8"));
  EXPECT_EQ(ReadText(path), text);
}

TEST(ResultsFileTest, DoesNotGoOnWithAFileThatWasSorted) {
  const TempFolder folder;
  const std::string path = folder.Write(
      "r.csv", std::string(results_header) + "3,CREATED,,,,,,,,,,\n2,CREATED,,,,,,,,,,\n");
  EXPECT_TRUE(absl::IsInvalidArgument(ResultsFile::Reopen(path).status()));
}

struct SureCase {
  const char* name;
  std::string lines;  // Rows 1 to 4, the first columns left out: expiry, replayed.
  std::int64_t sure;  // When the store goes back to row 3.
};
class SureThroughTest : public testing::TestWithParam<SureCase> {};

// The store of row 3 is one of 10:00:20 at the earliest.
TEST_P(SureThroughTest, PasswordsMadeAnewAfterTheBackupAreNotSure) {
  const TempFolder folder;
  const std::string path = folder.Write("r.csv", std::string(results_header) + GetParam().lines);
  const auto file = ResultsFile::Reopen(path);
  ASSERT_TRUE(file.ok()) << file.status();
  const auto sure = (*file)->SureThrough(3);
  ASSERT_TRUE(sure.ok()) << sure.status();
  EXPECT_EQ(*sure, GetParam().sure);
}

std::string SureLine(int row, const std::string& password, const std::string& time,
                     const std::string& replayed) {
  return std::to_string(row) + ",CREATED,a@x.example,,," + password + "," + time + ",,," +
         replayed + ",,\n";
}
constexpr char ten[] = "2026-12-01T10:00:00Z";
constexpr char twenty_seconds_past[] = "2026-12-01T10:00:20Z";
constexpr char later[] = "2026-12-01T10:01:00Z";

INSTANTIATE_TEST_SUITE_P(
    All, SureThroughTest,
    testing::Values(SureCase{"NoneMadeAnew",
                             SureLine(1, "P", ten, "false") + SureLine(2, "P", ten, "false") +
                                 SureLine(3, "P", twenty_seconds_past, "false") +
                                 SureLine(4, "P", later, "false"),
                             3},
                    SureCase{"LongBefore",
                             SureLine(1, "P", ten, "false") + SureLine(2, "P", ten, "true") +
                                 SureLine(3, "P", twenty_seconds_past, "false") +
                                 SureLine(4, "P", later, "false"),
                             3},
                    SureCase{"LaterThanTheBackup",
                             SureLine(1, "P", ten, "false") + SureLine(2, "P", later, "true") +
                                 SureLine(3, "P", twenty_seconds_past, "false") +
                                 SureLine(4, "P", later, "false"),
                             1},
                    SureCase{"TheFirstRow",
                             SureLine(1, "P", later, "true") + SureLine(2, "P", ten, "false") +
                                 SureLine(3, "P", ten, "false"),
                             0},
                    SureCase{"OnlyAboveTheRow",
                             SureLine(1, "P", ten, "false") + SureLine(3, "P", ten, "false") +
                                 SureLine(4, "P", later, "true"),
                             3},
                    SureCase{"NoPasswordOfTheService",
                             SureLine(1, "P", ten, "false") + SureLine(2, "", later, "true") +
                                 SureLine(3, "P", ten, "false"),
                             3},
                    SureCase{"SavedByASpreadsheet",
                             SureLine(1, "P", "01.12.2026 10:00", "FALSE") +
                                 SureLine(2, "P", "01.12.2026 10:00", "TRUE") +
                                 SureLine(3, "P", "01.12.2026 10:00", "FALSE"),
                             1}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(ResultsFileTest, ForgetsWhatTheStoreHasLostAndSaysWhichPasswordsAreDead) {
  const TempFolder folder;
  auto file = ResultsFile::Create(folder.Path("r.csv"), CsvDialect());
  ASSERT_TRUE(file.ok());
  for (const std::int64_t row : {1, 2, 3, 5, 6, 7}) {
    v1::RowResult result = Result(row, v1::ROW_OUTCOME_CREATED);
    if (row != 5) result.set_temporary_password("SECRET");
    (*file)->Append(result, ClientRow());
  }
  const auto dropped = (*file)->DropAfter(2);
  ASSERT_TRUE(dropped.ok()) << dropped.status();
  EXPECT_EQ(dropped->rows, 4);
  EXPECT_EQ(dropped->passwords.ToString(10), "3, 6-7");
  EXPECT_EQ(dropped->passwords.ToString(1), "3 and 1 more places");
  EXPECT_EQ((*file)->last_row_number(), 2);
  EXPECT_EQ((*file)->counts()[RowOutcome::kCreated], 2);
  EXPECT_THAT(Lines(**file), ElementsAre(Pair(1, "CREATED"), Pair(2, "CREATED")));
}

class ProblemsFileTest : public testing::Test {
 protected:
  v1::RowResult Rejected(std::int64_t row) {
    v1::RowResult result = Result(row, v1::ROW_OUTCOME_REJECTED);
    auto* violation = result.add_violations();
    violation->set_field("email_address");
    violation->set_code(v1::FIELD_ISSUE_CODE_EMAIL_UPPER_CASE);
    violation->set_message("Lower case, please.");
    violation->set_suggestion("+a@x.example");
    return result;
  }

  const TempFolder folder_;
  const std::string path_ = folder_.Path("p.csv");
};

TEST_F(ProblemsFileTest, IsMadeWithTheFirstProblem) {
  ProblemsFile file(path_, CsvDialect());
  ASSERT_TRUE(file.Append(Result(1, v1::ROW_OUTCOME_CREATED), 2).ok());
  EXPECT_FALSE(std::filesystem::exists(path_));
  ASSERT_TRUE(file.Append(Rejected(3), 4).ok());
  ASSERT_TRUE(file.Flush().ok());
  EXPECT_EQ(ReadText(path_),
            "row_number,line,email_address,severity,column,code,message,suggestion\n"
            "3,4,r3@x.example,violation,email_address,EMAIL_UPPER_CASE,\"Lower case, "
            "please.\",'+a@x.example\n");
}

TEST_F(ProblemsFileTest, TellsWarningsFromViolations) {
  ProblemsFile file(path_, CsvDialect());
  v1::RowResult result = Rejected(3);
  auto* warning = result.add_warnings();
  warning->set_field("first_name");
  warning->set_code(v1::FIELD_ISSUE_CODE_TRIMMED);
  warning->set_message("Trimmed.");
  ASSERT_TRUE(file.Append(result, 4).ok());
  ASSERT_TRUE(file.Flush().ok());
  EXPECT_THAT(ReadText(path_), testing::HasSubstr("\n3,4,r3@x.example,violation,email_address,"));
  EXPECT_THAT(ReadText(path_),
              testing::HasSubstr("\n3,4,r3@x.example,warning,first_name,TRIMMED,Trimmed.,\n"));
}

TEST_F(ProblemsFileTest, GoesOnWhereTheResultsEnd) {
  {
    ProblemsFile file(path_, CsvDialect());
    ASSERT_TRUE(file.Append(Rejected(3), 4).ok());
    ASSERT_TRUE(file.Append(Rejected(5), 6).ok());
  }
  ProblemsFile file(path_, CsvDialect());
  ASSERT_TRUE(file.DropAfter(3).ok());
  ASSERT_TRUE(file.Append(Rejected(4), 5).ok());
  ASSERT_TRUE(file.Flush().ok());
  EXPECT_EQ(ReadText(path_),
            "row_number,line,email_address,severity,column,code,message,suggestion\n"
            "3,4,r3@x.example,violation,email_address,EMAIL_UPPER_CASE,\"Lower case, "
            "please.\",'+a@x.example\n"
            "4,5,r4@x.example,violation,email_address,EMAIL_UPPER_CASE,\"Lower case, "
            "please.\",'+a@x.example\n");
}

// A run that is killed at any moment goes on behind the last result on the disk,
// and says nothing more of what is wrong with that row.
TEST_F(ProblemsFileTest, IsOnTheDiskBeforeTheResults) {
  const std::string results_path = folder_.Path("r.csv");
  auto results = ResultsFile::Create(results_path, CsvDialect());
  ASSERT_TRUE(results.ok());
  ProblemsFile problems(path_, CsvDialect());
  Progress progress("Importing", 1, stderr, ProgressStyle::kNone);
  ImportReport report(**results, problems, nullptr, progress);
  const auto last_row = [](const std::string& path) {
    const std::string text = std::filesystem::exists(path) ? ReadText(path) : "";
    const std::size_t end = text.rfind('\n');
    const std::size_t begin = end == std::string::npos ? end : text.rfind('\n', end - 1);
    return begin == std::string::npos ? 0 : std::atoll(text.c_str() + begin + 1);
  };
  for (std::int64_t row = 1; row <= 3000; ++row) {
    v1::RowResult result = Rejected(row);
    SourceRow source;
    source.line = row + 1;
    ASSERT_TRUE(report.OnResult(result, source).ok());
    if (row % 50 != 0) continue;
    ASSERT_LE(last_row(results_path), last_row(path_)) << "after row " << row;
  }
  EXPECT_GT(last_row(results_path), 0) << "nothing was flushed, so nothing was tried";
}

TEST_F(ProblemsFileTest, CanBeTakenBack) {
  ProblemsFile file(path_, CsvDialect());
  ASSERT_TRUE(file.Append(Rejected(3), 4).ok());
  ASSERT_TRUE(file.Discard().ok());
  EXPECT_FALSE(std::filesystem::exists(path_));
}

class RejectsFileTest : public testing::Test {
 protected:
  RejectsFileTest() {
    auto results = ResultsFile::Create(folder_.Path("r.csv"), CsvDialect());
    EXPECT_TRUE(results.ok());
    results_ = *std::move(results);
  }

  absl::StatusOr<RejectsWritten> Write(const std::string& text, bool resume = false) {
    const StringSource bytes(text, 7);
    const auto dialect = DetectDialect(bytes);
    EXPECT_TRUE(dialect.ok());
    auto rows = RowSource::Open(bytes, *dialect, rules_, PasswordNeed::kRequired);
    EXPECT_TRUE(rows.ok()) << rows.status();
    return WriteRejectsFile(path_, resume, bytes, *rows, *results_);
  }
  void Append(std::int64_t row, v1::RowOutcome outcome) {
    results_->Append(Result(row, outcome), ClientRow());
  }

  FakeClock clock_;
  RowRules rules_{clock_};
  const TempFolder folder_;
  const std::string path_ = folder_.Path("j.csv");
  std::unique_ptr<ResultsFile> results_;
};

TEST_F(RejectsFileTest, CopiesRejectedRecordsByteForByte) {
  const std::string head =
      "\xEF\xBB\xBFsep=;\r\nemail_address;first_name;last_name;Initial_Password\r\n";
  const std::string second = "=b@x.example;\"B\r\nb\";+B;-minus;;\r\n";
  const std::string fourth = "d@x.example;\xE9;D;password";
  Append(1, v1::ROW_OUTCOME_CREATED);
  Append(2, v1::ROW_OUTCOME_REJECTED);
  Append(3, v1::ROW_OUTCOME_DUPLICATE_ROW);
  Append(5, v1::ROW_OUTCOME_REJECTED);
  const auto written = Write(head + "a@x.example;A;A;password\r\n" + second +
                             "a@x.example;A;A;password\r\n\r\n" + fourth);
  ASSERT_TRUE(written.ok()) << written.status();
  EXPECT_EQ(written->records, 2);
  EXPECT_TRUE(written->passwords);
  EXPECT_EQ(ReadText(path_), head + second + fourth);
}

TEST_F(RejectsFileTest, IsNotMadeWithoutRejectedRows) {
  Append(1, v1::ROW_OUTCOME_CREATED);
  const auto written =
      Write("email_address,first_name,last_name,initial_password\na@x.example,A,A,password\n");
  ASSERT_TRUE(written.ok()) << written.status();
  EXPECT_EQ(written->records, 0);
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(RejectsFileTest, TellsWhetherItHoldsPasswords) {
  Append(2, v1::ROW_OUTCOME_REJECTED);
  const auto written = Write(
      "email_address,first_name,last_name,initial_password\n"
      "a@x.example,A,A,password\nB@x.example,B,B,\n");
  ASSERT_TRUE(written.ok()) << written.status();
  EXPECT_EQ(written->records, 1);
  EXPECT_FALSE(written->passwords);
}

// A file that somebody has mended already is worth more than a new one.
TEST_F(RejectsFileTest, CompletesOnlyItsOwnEarlierVersion) {
  Append(1, v1::ROW_OUTCOME_REJECTED);
  const std::string text = "email_address,first_name,last_name,initial_password\na,A,A,p\n";
  for (const std::string& other : {std::string("mine"), text + "more", "E" + text.substr(1)}) {
    folder_.Write("j.csv", other);
    EXPECT_TRUE(absl::IsAlreadyExists(Write(text).status()));
    EXPECT_TRUE(absl::IsAlreadyExists(Write(text, true).status()));
    EXPECT_EQ(ReadText(path_), other);
  }
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    folder_.Write("j.csv", text.substr(0, cut));
    EXPECT_TRUE(absl::IsAlreadyExists(Write(text).status()));
    const auto written = Write(text, true);
    ASSERT_TRUE(written.ok()) << "cut at " << cut << ": " << written.status();
    ASSERT_EQ(ReadText(path_), text) << "cut at " << cut;
  }
}

}  // namespace
}  // namespace provisioning
