// SPDX-License-Identifier: Apache-2.0
#include "service/trust/policy_parser.h"

#include <cstdlib>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/random_seed.h"

namespace provisioning {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr char whole[] = R"({
  "$schema": "policy.schema.json",
  "callers": {
    "spiffe://clinic.example/onboarding": {
      "organizations": ["practice-one", "practice-two"],
      "verbs": ["import", "validate", "read"],
      "streams_max": 3
    },
    "support.clinic.example": { "organizations": "*", "verbs": ["reissue"] }
  }
})";

TEST(PolicyParserTest, ReadsAWholeFile) {
  const auto policy = ParsePolicy(whole);
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_EQ(*policy,
            (Policy{{"spiffe://clinic.example/onboarding",
                     {.organizations = {"practice-one", "practice-two"},
                      .verbs = {Verb::kImport, Verb::kValidate, Verb::kRead},
                      .streams_max = 3}},
                    {"support.clinic.example",
                     {.every_organization = true, .verbs = Verb::kReissue, .streams_max = 16}}}));
}

TEST(PolicyParserTest, NobodyIsAPolicyToo) {
  const auto policy = ParsePolicy(R"({"callers": {}})");
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_TRUE(policy->empty());
}

struct BadFile {
  std::string text;
  std::string place;
  std::string what;
};

// A caller with these rights.
std::string With(const std::string& rights) {
  return R"({"callers": {"a.example": {)" + rights + "}}}";
}
const std::string place = R"(callers["a.example"])";
const std::string organizations = R"("organizations": ["one"])";
const std::string verbs = R"("verbs": ["read"])";

TEST(PolicyParserTest, SaysWhereAFileIsBad) {
  const BadFile table[] = {
      {"", "line 1, column 1", "unexpected end"},
      {"   \n", "line 2", "unexpected end"},
      {"{\n  \"callers\": {\n    oops\n", "line 3", "invalid literal"},
      {R"({"callers": {}} x)", "line 1, column 17", ""},
      {R"({"callers": {}}{"callers": {}})", "line 1, column 16", ""},
      {R"({"callers": {},})", "line 1", ""},
      {R"({'callers': {}})", "line 1", ""},
      {"{\"callers\": {}} // all", "line 1", ""},
      {"{\"callers\": {\"\xFF\": {}}}", "line 1", "ill-formed UTF-8"},
      {"[]", "the file", "must be an object"},
      {"null", "the file", "must be an object"},
      {"\"callers\"", "the file", "must be an object"},
      {"{}", "callers", "is missing"},
      {R"({"callers": []})", "callers", "must be an object"},
      {R"({"callers": {}, "Callers": {}})", "\"Callers\"", "no key"},
      {R"({"callers": {}, "callers": {}})", "\"callers\"", "comes twice"},
      {R"({"callers": {"a.example": null}})", place, "must be an object"},
      {R"({"callers": {"A.example": {)" + organizations + "," + verbs + "}}}",
       R"(callers["A.example"])", "lower case"},
      {R"({"callers": {"": {)" + organizations + "," + verbs + "}}}", R"(callers[""])", "SPIFFE"},
      {R"({"callers": {"*": {)" + organizations + "," + verbs + "}}}", R"(callers["*"])", "SPIFFE"},
      {R"({"callers": {"spiffe://x//y": {)" + organizations + "," + verbs + "}}}",
       R"(callers["spiffe://x//y"])", "SPIFFE"},
      {R"({"callers": {"a\u0000b": {)" + organizations + "," + verbs + "}}}",
       R"(callers["a\u0000b"])", "SPIFFE"},
      {R"({"callers": {"a.example": {)" + organizations + "," + verbs + R"(}, "a.example": {}}})",
       R"("callers": "a.example")", "comes twice"},
      {With(verbs), place + ".organizations", "is missing"},
      {With(organizations), place + ".verbs", "is missing"},
      {With(verbs + R"(, "organizations": [])"), place + ".organizations", "not empty"},
      {With(verbs + R"(, "organizations": "one")"), place + ".organizations", R"("*")"},
      {With(verbs + R"(, "organizations": "")"), place + ".organizations", R"("*")"},
      {With(verbs + R"(, "organizations": null)"), place + ".organizations", "must be a list"},
      {With(verbs + R"(, "organizations": {"one": true})"), place + ".organizations", "a list"},
      {With(verbs + R"(, "organizations": ["one", "*"])"), place + ".organizations[1]",
       R"(write "organizations": "*")"},
      {R"({"$schema": 5, "callers": {}})", "$schema", "text"},
      {With(verbs + R"(, "organizations": ["One"])"), place + ".organizations[0]", "match"},
      {With(verbs + R"(, "organizations": ["one "])"), place + ".organizations[0]", "match"},
      {With(verbs + R"(, "organizations": ["one", "one"])"), place + ".organizations[1]", "twice"},
      {With(verbs + R"(, "organizations": [["one"]])"), place + ".organizations[0]", "a text"},
      {With(verbs + R"(, "organizations": [1])"), place + ".organizations[0]", "a text"},
      {With(organizations + R"(, "verbs": [])"), place + ".verbs", "not empty"},
      {With(organizations + R"(, "verbs": "*")"), place + ".verbs", "must be a list"},
      {With(organizations + R"(, "verbs": "read")"), place + ".verbs", "must be a list"},
      {With(organizations + R"(, "verbs": ["read", "write"])"), place + ".verbs[1]", "no verb"},
      {With(organizations + R"(, "verbs": ["*"])"), place + ".verbs[0]", "no verb"},
      {With(organizations + R"(, "verbs": ["Read"])"), place + ".verbs[0]", "no verb"},
      {With(organizations + R"(, "verbs": ["read", "read"])"), place + ".verbs[1]", "twice"},
      {With(organizations + R"(, "verbs": ["read", 2])"), place + ".verbs[1]", "a text"},
      {With(organizations + "," + verbs + R"(, "verb": [])"), place + ".\"verb\"", "no key"},
      {With(organizations + "," + verbs + "," + verbs), R"("a.example": "verbs")", "twice"},
  };
  for (const BadFile& file : table) {
    const auto policy = ParsePolicy(file.text);
    ASSERT_FALSE(policy.ok()) << file.text;
    EXPECT_EQ(policy.status().code(), absl::StatusCode::kInvalidArgument) << file.text;
    EXPECT_THAT(std::string(policy.status().message()),
                AllOf(HasSubstr(file.place), HasSubstr(file.what)))
        << file.text;
  }
}

TEST(PolicyParserTest, BoundsTheStreams) {
  for (const char* number : {"0", "-1", "10001", "1.5", "1e5", "\"3\"", "null", "true", "[]",
                             "9223372036854775808", "99999999999999999999999", "1e999"}) {
    const auto policy =
        ParsePolicy(With(absl::StrCat(organizations, ",", verbs, R"(, "streams_max": )", number)));
    ASSERT_FALSE(policy.ok()) << number;
  }
  for (const int number : {1, 10'000}) {
    const auto policy =
        ParsePolicy(With(absl::StrCat(organizations, ",", verbs, R"(, "streams_max": )", number)));
    ASSERT_TRUE(policy.ok()) << policy.status();
    EXPECT_EQ(policy->at("a.example").streams_max, number);
  }
  // Whole numbers as well, to JSON Schema.
  for (const char* number : {"1e3", "1000.0"}) {
    const auto policy =
        ParsePolicy(With(absl::StrCat(organizations, ",", verbs, R"(, "streams_max": )", number)));
    ASSERT_TRUE(policy.ok()) << policy.status();
    EXPECT_EQ(policy->at("a.example").streams_max, 1000);
  }
}

TEST(PolicyParserTest, NamesSeveralFaultsAndNotEach) {
  const auto two = ParsePolicy(With(R"("organizations": ["One"], "verbs": ["write"])"));
  EXPECT_THAT(std::string(two.status().message()),
              AllOf(HasSubstr(".organizations[0]"), HasSubstr(".verbs[0]")));
  std::string many;
  for (int i = 0; i < 10'000; ++i) absl::StrAppend(&many, i == 0 ? "" : ",", "\"W\"");
  const auto policy = ParsePolicy(With(organizations + R"(, "verbs": [)" + many + "]"));
  EXPECT_LT(policy.status().message().size(), 2000u);
  EXPECT_THAT(std::string(policy.status().message()), testing::EndsWith("; and more"));
}

TEST(PolicyParserTest, KeepsWhatItQuotesShortAndPrintable) {
  const std::string name = std::string(100'000, 'X') + "\\u001b[31m";
  const auto policy = ParsePolicy(R"({"callers": {")" + name + R"(": {}}})");
  ASSERT_FALSE(policy.ok());
  const std::string message(policy.status().message());
  EXPECT_LT(message.size(), 2000u);
  EXPECT_EQ(message.find('\x1b'), std::string::npos);
}

TEST(PolicyParserTest, RefusesTooMuch) {
  const std::string text = R"({"callers": {}})" + std::string(policy_bytes_max, ' ');
  EXPECT_THAT(std::string(ParsePolicy(text).status().message()), HasSubstr("bytes"));
}

TEST(PolicyParserTest, DepthIsNoBomb) {
  const std::string deep(1'000'000, '[');
  EXPECT_FALSE(ParsePolicy(deep).ok());
  EXPECT_FALSE(ParsePolicy(deep + std::string(1'000'000, ']')).ok());
}

// A file with some bytes changed is taken as it is meant, or refused; no change gives a
// right that the whole file does not give.
TEST(PolicyParserTest, DamagedFilesGiveNothingMore) {
  std::mt19937_64 random(RandomSeed());
  const char* const count = std::getenv("COUNT");
  const int rounds = count == nullptr ? 20'000 : std::atoi(count);
  int taken = 0;
  for (int i = 0; i < rounds; ++i) {
    std::string text = whole;
    for (auto changes = 1 + random() % 3; changes > 0; --changes) {
      const std::size_t at = random() % text.size();
      switch (random() % 3) {
        case 0:
          text[at] = static_cast<char>(random());
          break;
        case 1:
          text.erase(at, 1 + random() % 20);
          break;
        default:
          text.insert(at, 1, R"({}[]",:*\ )"[random() % 10]);
      }
      if (text.empty()) break;
    }
    const auto policy = ParsePolicy(text);
    if (!policy.ok()) continue;
    ++taken;
    for (const auto& [caller, rights] : *policy) {
      EXPECT_EQ(
          rights.verbs.FirstNotIn({Verb::kImport, Verb::kValidate, Verb::kRead, Verb::kReissue}),
          std::nullopt)
          << text;
      EXPECT_LE(rights.organizations.size(), 2u) << text;
    }
  }
  EXPECT_GT(taken, 0) << "white space may change";
}

}  // namespace
}  // namespace provisioning
