// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/csv/text_encoding.h"
#include "service/rules/utf8.h"

namespace provisioning {
namespace {

using namespace std::string_literals;
using testing::HasSubstr;

TextEncoding Named(const std::string& name) {
  auto encoding = TextEncoding::Named(name);
  EXPECT_TRUE(encoding.ok()) << encoding.status();
  return encoding.ok() ? *encoding : TextEncoding();
}

std::string DecodeAll(const TextEncoding& encoding, const std::string& source) {
  std::string utf8(TextEncoding::growth_max * source.size(), 0);
  const auto decoded = encoding.Decode(source, true, utf8);
  EXPECT_EQ(decoded.bytes_taken, source.size());
  utf8.resize(decoded.bytes_written);
  EXPECT_EQ(encoding.SourceBytes(utf8), source.size());
  return utf8;
}

struct NamedCase {
  const char* name;
  std::string source;
  std::string utf8;
};
class NamedEncodingTest : public testing::TestWithParam<NamedCase> {};

TEST_P(NamedEncodingTest, Decodes) {
  EXPECT_EQ(DecodeAll(Named(GetParam().name), GetParam().source), GetParam().utf8);
}

INSTANTIATE_TEST_SUITE_P(
    All, NamedEncodingTest,
    testing::Values(
        NamedCase{"utf-8", "Zo\xC3\xAB", "Zo\u00EB"},
        NamedCase{"windows-1252", "M\xFCller \x80 \x93", "M\u00FCller \u20AC \u201C"},
        NamedCase{"WINDOWS-1250", "Dvo\xF8\xE1k", "Dvo\u0159\u00E1k"},
        NamedCase{"cp1251", "\xC3\xE5\xED\xE0", "\u0413\u0435\u043D\u0430"},
        NamedCase{"windows-1255", "\xE3\xE5\xE3", "\u05D3\u05D5\u05D3"},
        NamedCase{"windows-1258", "a\xCC", "a\u0300"}, NamedCase{"latin1", "\xE9", "\u00E9"},
        NamedCase{"iso-8859-15", "\xA4", "\u20AC"}, NamedCase{"iso_8859-2", "\xB1", "\u0105"},
        NamedCase{"macintosh", "Ren\x8E", "Ren\u00E9"}, NamedCase{"cp850", "\x81", "\u00FC"},
        NamedCase{"koi8-r", "\xE7\xC5\xCE\xC1", "\u0413\u0435\u043D\u0430"},
        NamedCase{"utf-16le", "e\0\xAC\x20\x3D\xD8\x00\xDE"s, "e\u20AC\U0001F600"},
        NamedCase{"utf-16be", "\0e\x20\xAC\xD8\x3D\xDE\x00"s, "e\u20AC\U0001F600"}));

// What stands for no character must not pass for one.
struct BrokenCase {
  const char* name;
  std::string source;
};
class BrokenTextTest : public testing::TestWithParam<BrokenCase> {};

TEST_P(BrokenTextTest, IsNoUtf8) {
  const TextEncoding encoding = Named(GetParam().name);
  const std::string utf8 = DecodeAll(encoding, GetParam().source);
  EXPECT_FALSE(IsUtf8(utf8)) << testing::PrintToString(utf8);
}

INSTANTIATE_TEST_SUITE_P(All, BrokenTextTest,
                         testing::Values(BrokenCase{"windows-1252", "a\x81z"},
                                         BrokenCase{"utf-16le", "a\0\x3D\xD8z\0"s},
                                         BrokenCase{"utf-16le", "a\0\x00\xDEz\0"s},
                                         BrokenCase{"utf-16le", "a\0\x3D\xD8"s},
                                         BrokenCase{"utf-16le", "a\0b"s},
                                         BrokenCase{"utf-16be", "\0a\xD8\x3D\0z"s}));

TEST(TextEncodingTest, LeavesAPartOfACharacterForTheNextTime) {
  std::string utf8(64, 0);
  for (const std::string& cut : {"a\0\x3D\xD8"s, "a\0\x3D\xD8\0"s, "a\0b"s}) {
    const auto decoded = TextEncoding::Utf16(false).Decode(cut, false, utf8);
    EXPECT_EQ(decoded.bytes_taken, 2u);
    EXPECT_EQ(decoded.bytes_written, 1u);
  }
}

TEST(TextEncodingTest, EveryNameIsKnownToTheLibrary) {
  std::string names = EncodingNames();
  int count = 0;
  for (std::size_t begin = 0; begin < names.size(); ++count) {
    const std::size_t end = std::min(names.find(", ", begin), names.size());
    const std::string name = names.substr(begin, end - begin);
    if (name != "utf-16") {
      EXPECT_EQ(DecodeAll(Named(name), name.starts_with("utf-16") ? "" : "Az09@").size(),
                name.starts_with("utf-16") ? 0u : 5u)
          << name;
    }
    begin = end + 2;
  }
  EXPECT_GT(count, 20);
}

TEST(TextEncodingTest, AnUnknownNameIsAnsweredWithThoseThatThereAre) {
  const auto encoding = TextEncoding::Named("klingon");
  ASSERT_TRUE(absl::IsFailedPrecondition(encoding.status()));
  EXPECT_THAT(
      std::string(encoding.status().message()),
      testing::AllOf(HasSubstr("\"klingon\""), HasSubstr("windows-1252"), HasSubstr("utf-16le")));
}

}  // namespace
}  // namespace provisioning
