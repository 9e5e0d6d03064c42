// SPDX-License-Identifier: Apache-2.0
// A password is the same however a person types it.
#include <algorithm>
#include <functional>

#include "tests/unit/account/account_fixture.h"

namespace provisioning {
namespace {

using TypedPasswordTest = AccountFixture;

constexpr std::string_view composed = "Zürich-Café-42";
constexpr std::string_view decomposed = "Zu\u0308rich-Cafe\u0301-42";

std::string Replaced(std::string text, char from, char to) {
  std::ranges::replace(text, from, to);
  return text;
}

TEST_F(TypedPasswordTest, AGeneratedPasswordMayBeTypedInManyWays) {
  using Typing = std::function<std::string(std::string)>;
  const Typing lower = [](std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
  };
  const std::pair<const char*, Typing> typings[] = {
      {"as it is", [](const std::string& text) { return text; }},
      {"lower case", lower},
      {"without hyphens",
       [](std::string text) {
         std::erase(text, '-');
         return text;
       }},
      {"with spaces", [](const std::string& text) { return Replaced(text, '-', ' '); }},
      {"with spaces around", [](const std::string& text) { return " " + text + " "; }},
      {"with no-break spaces",
       [](const std::string& text) {
         std::string spaced;
         for (const char c : text) spaced += c == '-' ? "\u00a0" : std::string(1, c);
         return spaced;
       }},
      {"O for 0", [](const std::string& text) { return Replaced(text, '0', 'O'); }},
      {"I for 1", [](const std::string& text) { return Replaced(text, '1', 'I'); }},
      {"l for 1", [&](const std::string& text) { return Replaced(lower(text), '1', 'l'); }},
  };
  int client = 0;
  for (const auto& [what, typing] : typings) {
    SCOPED_TRACE(what);
    std::string address;
    std::string password;
    // Until there is something to mistake in it.
    while (password.find('0') == std::string::npos || password.find('1') == std::string::npos) {
      address = std::to_string(++client) + "@x.example";
      password = MakeGenerated(address);
    }
    EXPECT_EQ(Verified(address, typing(password)), VerifyOutcome::kMustActivate);
    EXPECT_EQ(Activated(address, typing(password)), ActivateOutcome::kActivated);
  }
}

TEST_F(TypedPasswordTest, AWrongLetterOfAGeneratedPasswordIsWrong) {
  std::string password = MakeGenerated("ann@x.example");
  password.back() = password.back() == 'X' ? 'Y' : 'X';
  EXPECT_EQ(Verified("ann@x.example", password), VerifyOutcome::kWrong);
  password.pop_back();
  EXPECT_EQ(Verified("ann@x.example", password), VerifyOutcome::kWrong);
}

TEST_F(TypedPasswordTest, BothFormsOfACharacterAreTheSame) {
  MakeGiven("ann@x.example", composed);
  EXPECT_EQ(Verified("ann@x.example", decomposed), VerifyOutcome::kMustActivate);
  EXPECT_EQ(Activated("ann@x.example", decomposed, "Übermut-Harbour-7"),
            ActivateOutcome::kActivated);
  EXPECT_EQ(Verified("ann@x.example", "U\u0308bermut-Harbour-7"), VerifyOutcome::kOk);
  EXPECT_EQ(Verified("ann@x.example", "Ubermut-Harbour-7"), VerifyOutcome::kWrong);
}

TEST_F(TypedPasswordTest, AChosenPasswordIsStoredInOneForm) {
  const std::string password = MakeGenerated("ann@x.example");
  EXPECT_EQ(Activated("ann@x.example", password, decomposed), ActivateOutcome::kActivated);
  EXPECT_EQ(Verified("ann@x.example", composed), VerifyOutcome::kOk);
  EXPECT_EQ(Verified("ann@x.example", decomposed), VerifyOutcome::kOk);
}

// The other product may have hashed what came from the keyboard.
TEST_F(TypedPasswordTest, AnImportedHashMayBeOfTheUnpreparedForm) {
  MakeActive("ann@x.example", decomposed);
  EXPECT_EQ(Verified("ann@x.example", decomposed), VerifyOutcome::kOk);
  EXPECT_EQ(FailuresOf("ann@x.example"), 0);
  SetHashCost({.memory_kib = 16, .iterations = 2});
  EXPECT_EQ(Verified("ann@x.example", decomposed), VerifyOutcome::kOk);
  Reopen();
  EXPECT_THAT(CredentialOf("ann@x.example"), testing::HasSubstr("m=16,t=2"));
  EXPECT_EQ(Verified("ann@x.example", decomposed), VerifyOutcome::kOk)
      << "what was right stays right";
}

TEST_F(TypedPasswordTest, ATemporaryPasswordIsRightInItsPreparedFormOnly) {
  MakeGiven("ann@x.example", decomposed);
  EXPECT_EQ(Verified("ann@x.example", decomposed), VerifyOutcome::kWrong);
}

TEST_F(TypedPasswordTest, ALastingPasswordIsNeitherTrimmedNorMapped) {
  MakeActive("ann@x.example", "  two spaces  ");
  EXPECT_EQ(Verified("ann@x.example", "  two spaces  "), VerifyOutcome::kOk);
  EXPECT_EQ(Verified("ann@x.example", "\u00a0\u00a0two spaces  "), VerifyOutcome::kOk)
      << "every space is one";
  EXPECT_EQ(Verified("ann@x.example", "two spaces"), VerifyOutcome::kWrong);
  EXPECT_EQ(Verified("ann@x.example", "  Two spaces  "), VerifyOutcome::kWrong);
}

}  // namespace
}  // namespace provisioning
