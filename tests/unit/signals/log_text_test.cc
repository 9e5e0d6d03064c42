// SPDX-License-Identifier: Apache-2.0
#include "service/signals/log_text.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace provisioning {
namespace {

struct EscapeCase {
  std::string text;
  std::string escaped;
};
class EscapeForLogTest : public testing::TestWithParam<EscapeCase> {};

TEST_P(EscapeForLogTest, Escapes) { EXPECT_EQ(EscapeForLog(GetParam().text), GetParam().escaped); }

INSTANTIATE_TEST_SUITE_P(
    All, EscapeForLogTest,
    testing::Values(EscapeCase{"", ""},
                    EscapeCase{"an ordinary line, 100 %", "an ordinary line, 100 %"},
                    EscapeCase{"Ilić 佐藤 \xF0\x9F\x98\x80", "Ilić 佐藤 \xF0\x9F\x98\x80"},
                    EscapeCase{"one\ntwo\r\n\tthree", "one\\ntwo\\r\\n\\tthree"},
                    EscapeCase{std::string("a\0b", 3), "a\\x00b"},
                    // Clears a terminal, or worse.
                    EscapeCase{"\x1b[2J\x7f\x07", "\\x1b[2J\\x7f\\x07"},
                    // The same in one character: U+009B.
                    EscapeCase{"\xC2\x9B"
                               "2J",
                               "\\u{9b}2J"},
                    EscapeCase{"a\xE2\x80\xA8"
                               "b\xE2\x80\xA9",
                               "a\\u{2028}b\\u{2029}"},
                    // Turns what follows around.
                    EscapeCase{"\xE2\x80\xAE"
                               "abc\xE2\x81\xA6\xE2\x80\x8F\xD8\x9C",
                               "\\u{202e}abc\\u{2066}\\u{200f}\\u{61c}"},
                    EscapeCase{"\xEF\xBB\xBF", "\\u{feff}"}, EscapeCase{"C:\\new", "C:\\\\new"},
                    EscapeCase{"\xFF\xC3", "\\xff\\xc3"},
                    // A surrogate, and an overlong newline.
                    EscapeCase{"\xED\xA0\x80\xC0\x8A", "\\xed\\xa0\\x80\\xc0\\x8a"}));

TEST(EscapeForLogTest, NoByteBecomesAControlCharacter) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text = EscapeForLog(std::string(1, static_cast<char>(byte)));
    ASSERT_FALSE(text.empty());
    for (const char c : text) EXPECT_TRUE(c >= 0x20 && c < 0x7F) << byte;
  }
}

}  // namespace
}  // namespace provisioning
