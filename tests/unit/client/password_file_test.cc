// SPDX-License-Identifier: Apache-2.0
#include "client/passwords/password_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/client/temp_folder.h"

namespace provisioning {
namespace {

using namespace std::string_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const std::vector<std::string> two_names = {"temporary password", "new password"};

// What they hold, or the error's message.
std::vector<std::string> TextsOf(const absl::StatusOr<std::vector<SecretString>>& passwords) {
  if (!passwords.ok()) return {std::string(passwords.status().message())};
  std::vector<std::string> texts;
  for (const SecretString& password : *passwords) texts.emplace_back(password.Reveal());
  return texts;
}

struct LinesCase {
  const char* name;
  std::string bytes;
  std::vector<std::string> passwords;
};

class PasswordLinesTest : public testing::TestWithParam<LinesCase> {};

TEST_P(PasswordLinesTest, TakesTheLineEndsOffAndNothingElse) {
  EXPECT_EQ(TextsOf(ParsePasswords(GetParam().bytes, two_names)), GetParam().passwords);
}

INSTANTIATE_TEST_SUITE_P(
    All, PasswordLinesTest,
    testing::Values(LinesCase{"Lf", "old one\nnew one\n", {"old one", "new one"}},
                    LinesCase{"CrLf", "old one\r\nnew one\r\n", {"old one", "new one"}},
                    LinesCase{"NoLastLineEnd", "old\nnew", {"old", "new"}},
                    LinesCase{"CrLfNoLastLineEnd", "old\r\nnew", {"old", "new"}},
                    LinesCase{"ByteOrderMark", "\xEF\xBB\xBFold\nnew\n", {"old", "new"}},
                    LinesCase{"MarkInside", "old\n\xEF\xBB\xBFnew\n", {"old", "\xEF\xBB\xBFnew"}},
                    LinesCase{"WhiteSpace", " old \t\n  new  \n", {" old \t", "  new  "}},
                    LinesCase{"OneCrOfTwo", "old\r\r\nnew\n", {"old\r", "new"}},
                    LinesCase{"CrInside", "o\rld\nnew\n", {"o\rld", "new"}},
                    LinesCase{"Quotes", "\"old\"\n'new'\n", {"\"old\"", "'new'"}},
                    LinesCase{"Nul", "o\0ld\nnew\n"s, {"o\0ld"s, "new"}},
                    LinesCase{"Unicode", "pässwörd\n花子\n", {"pässwörd", "花子"}}),
    [](const auto& info) { return std::string(info.param.name); });

struct BadCase {
  const char* name;
  std::string bytes;
  const char* says;
};

class BadPasswordLinesTest : public testing::TestWithParam<BadCase> {};

TEST_P(BadPasswordLinesTest, SaysWhatIsWrongWithoutAPassword) {
  const auto passwords = ParsePasswords(GetParam().bytes, two_names);
  EXPECT_EQ(passwords.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(passwords.status().message()),
              AllOf(HasSubstr(GetParam().says), Not(HasSubstr("secret"))));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadPasswordLinesTest,
    testing::Values(BadCase{"Empty", "",
                            "0 lines and should have 2 lines: temporary password, then new"},
                    BadCase{"MarkAlone", "\xEF\xBB\xBF", "0 lines"},
                    BadCase{"OneLine", "secret\n", "1 line and should have 2 lines"},
                    BadCase{"ThreeLines", "secret\nsecret\nsecret\n", "3 lines"},
                    BadCase{"BlankLineBehind", "secret\nsecret\n\n", "3 lines"},
                    BadCase{"EmptyFirst", "\nsecret\n", "line 1 (temporary password) is empty"},
                    BadCase{"EmptySecond", "secret\n\r\n", "line 2 (new password) is empty"},
                    BadCase{"Latin1",
                            "secret\ns\xE9"
                            "cret\n",
                            "line 2 (new password) is not in UTF-8"},
                    BadCase{"Utf16", "\xFF\xFEs\0\n\0"s, "UTF-16"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(ReadPasswordsFileTest, ReadsAFile) {
  const TempFolder folder;
  const std::string path = folder.Write("passwords", "old\nnew\n");
  EXPECT_THAT(TextsOf(ReadPasswordsFile(path, two_names)), ElementsAre("old", "new"));
}

TEST(ReadPasswordsFileTest, NamesTheFileInEveryError) {
  const TempFolder folder;
  const std::string missing = folder.Path("missing");
  const auto unread = ReadPasswordsFile(missing, two_names);
  EXPECT_EQ(unread.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(unread.status().message()), HasSubstr(missing + ": No such file"));
  const auto folder_read = ReadPasswordsFile(folder.Path(""), two_names);
  EXPECT_THAT(std::string(folder_read.status().message()), HasSubstr("directory"));
  const std::string large = folder.Write("large", std::string(1 << 20, 'x'));
  const auto too_large = ReadPasswordsFile(large, two_names);
  EXPECT_THAT(std::string(too_large.status().message()), HasSubstr(large + ": it is too large"));
}

}  // namespace
}  // namespace provisioning
