// SPDX-License-Identifier: Apache-2.0
#include "service/rules/new_password.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/unit/rules/row_check.h"

namespace provisioning {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using enum FieldIssueCode;

constexpr std::string_view address = "anna.smith@example.com";
constexpr std::string_view temporary = "7QK0D-M1XYZ-ABCDE-FGHJK-MNPQRS";
constexpr std::string_view good = "Harbour-Lantern-42";

NewPassword Check(std::string_view given, std::string_view before = temporary,
                  int characters_min = limits::password_characters_min,
                  std::string_view email_address = address) {
  return CheckNewPassword(SecretString(given), SecretString(before), email_address, characters_min);
}

std::vector<FieldIssueCode> Codes(const NewPassword& password) {
  return CodesOf(password.violations);
}

TEST(NewPasswordTest, AGoodOneIsTakenAsItIsToBeHashed) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {good, good},
      {"four words of nothing", "four words of nothing"},
      {"  spaces stay  here ", "  spaces stay  here "},
      {"no-break\u00a0space here", "no-break space here"},
      {"Zu\u0308rich-Lantern-42", "Zürich-Lantern-42"},
      {"漢字仮名交じり文章", "漢字仮名交じり文章"},
  };
  for (const auto& [given, prepared] : cases) {
    const NewPassword password = Check(given);
    EXPECT_THAT(password.violations, IsEmpty()) << given;
    EXPECT_EQ(password.text.Reveal(), prepared);
  }
}

TEST(NewPasswordTest, EveryRule) {
  struct Case {
    const char* what;
    std::string given;
    FieldIssueCode code;
  };
  const Case cases[] = {
      {"nothing", "", kRequired},
      {"seven characters", "xK9#mQ2", kTooShort},
      {"seven characters of many bytes", "üöäßéèê", kTooShort},
      {"a megabyte", std::string(1 << 20, 'x'), kTooLong},
      {"invalid UTF-8", "Harbour-Lantern-\xff", kInvalidUtf8},
      {"a control character", "Harbour-Lantern-\t42", kControlCharacter},
      {"a NUL", std::string("Harbour-Lantern-\0", 17), kControlCharacter},
      {"a digit row", "12345678", kPasswordCommon},
      {"the commonest", "password1", kPasswordCommon},
      {"the keyboard's", "qwertyuiop", kPasswordCommon},
      {"a letter, many times", "aaaaaaaaaaaa", kPasswordCommon},
      {"the temporary one", std::string(temporary), kPasswordUnchanged},
      {"the same without hyphens", "7QK0DM1XYZABCDEFGHJKMNPQRS", kPasswordUnchanged},
      {"the same in lower case", "7qk0d-m1xyz-abcde-fghjk-mnpqrs", kPasswordUnchanged},
      {"the same with spaces", " 7QK0D M1XYZ ABCDE FGHJK MNPQRS ", kPasswordUnchanged},
      {"the same with no-break spaces", "7QK0D\u00a0M1XYZ\u00a0ABCDE\u00a0FGHJK\u00a0MNPQRS",
       kPasswordUnchanged},
      {"the same with O for 0", "7QKOD-M1XYZ-ABCDE-FGHJK-MNPQRS", kPasswordUnchanged},
      {"the same with l for 1", "7QK0D-MlXYZ-ABCDE-FGHJK-MNPQRS", kPasswordUnchanged},
      {"the same with I for 1", "7QK0D-MIXYZ-ABCDE-FGHJK-MNPQRS", kPasswordUnchanged},
      {"the address", "anna.smith@example.com", kPasswordContainsAddress},
      {"the local part inside", "77-anna.smith-lantern", kPasswordContainsAddress},
      {"in other letter case", "77-Anna.SMITH-lantern", kPasswordContainsAddress},
  };
  for (const Case& test : cases) {
    SCOPED_TRACE(test.what);
    const NewPassword password = Check(test.given);
    EXPECT_THAT(Codes(password), testing::Contains(test.code));
    EXPECT_TRUE(password.text.empty());
    for (const FieldIssue& violation : password.violations) {
      EXPECT_EQ(violation.field, "new_password");
      EXPECT_FALSE(violation.message.empty());
      EXPECT_EQ(violation.suggestion, "");
    }
  }
}

TEST(NewPasswordTest, EachRuleAlone) {
  EXPECT_THAT(Codes(Check("")), ElementsAre(kRequired));
  EXPECT_THAT(Codes(Check("xK9#mQ2")), ElementsAre(kTooShort));
  EXPECT_THAT(Codes(Check("12345678")), ElementsAre(kPasswordCommon));
  EXPECT_THAT(Codes(Check(temporary)), ElementsAre(kPasswordUnchanged));
  EXPECT_THAT(Codes(Check("77-anna.smith-lantern")), ElementsAre(kPasswordContainsAddress));
}

TEST(NewPasswordTest, AllReasonsAtOnce) {
  EXPECT_THAT(
      Codes(Check("password", "password", 8, "password@example.com")),
      testing::UnorderedElementsAre(kPasswordUnchanged, kPasswordContainsAddress, kPasswordCommon));
  EXPECT_THAT(Codes(Check("anna.smith", "ANNA SMITH", 12, "anna.smith@example.com")),
              testing::UnorderedElementsAre(kTooShort, kPasswordContainsAddress));
  EXPECT_THAT(
      Codes(Check("anna", "Anna", 12, "anna@example.com")),
      testing::UnorderedElementsAre(kTooShort, kPasswordUnchanged, kPasswordContainsAddress));
}

TEST(NewPasswordTest, TheLengthIsAnOption) {
  EXPECT_THAT(Codes(Check("Harbour-Lan", temporary, 12)), ElementsAre(kTooShort));
  EXPECT_THAT(Codes(Check("Harbour-Lant", temporary, 12)), IsEmpty());
  EXPECT_THAT(Check("Harbour-Lan", temporary, 12).violations.at(0).message, HasSubstr("12"));
}

TEST(NewPasswordTest, AShortLocalPartIsNoRule) {
  EXPECT_THAT(Codes(Check("Harbour-Ann-Lantern", temporary, 8, "ann@example.com")), IsEmpty());
  EXPECT_THAT(Codes(Check("Harbour-Anna-Lantern", temporary, 8, "anna@example.com")),
              ElementsAre(kPasswordContainsAddress));
  EXPECT_THAT(Codes(Check(good, temporary, 8, "")), IsEmpty());
}

TEST(NewPasswordTest, AnAddressWithAShortLocalPartIsOneAllTheSame) {
  for (const std::string_view given : {"ann@example.com", "77-Ann@Example.COM-lantern"}) {
    EXPECT_THAT(Codes(Check(given, temporary, 8, "ann@example.com")),
                Contains(kPasswordContainsAddress))
        << given;
  }
}

TEST(NewPasswordTest, TheAddressIsFoundHoweverItIsTyped) {
  for (const std::string_view typed :
       {" anna.smith@example.com", "Anna.Smith@example.com\t", "\u00a0anna.smith@example.com"}) {
    EXPECT_THAT(Codes(Check("77-anna.smith-lantern", temporary, 8, typed)),
                ElementsAre(kPasswordContainsAddress))
        << typed;
  }
  for (const std::string_view typed : {"ann@m\u00fcller.example", "ann@xn--mller-kva.example"}) {
    EXPECT_THAT(Codes(Check("77-ann@xn--mller-kva.example", temporary, 8, typed)),
                ElementsAre(kPasswordContainsAddress))
        << typed;
  }
  EXPECT_THAT(Codes(Check("77-ann@m\u00fcller.example", temporary, 8, "ann@m\u00fcller.example")),
              ElementsAre(kPasswordContainsAddress));
}

TEST(NewPasswordTest, TheSameLettersInAnotherUnicodeFormAreTheSame) {
  constexpr std::string_view composed = "Zürich-Lantern-42";
  constexpr std::string_view decomposed = "Zu\u0308rich-Lantern-42";
  EXPECT_THAT(Codes(Check(decomposed, composed)), ElementsAre(kPasswordUnchanged));
  EXPECT_THAT(Codes(Check(composed, decomposed)), ElementsAre(kPasswordUnchanged));
  EXPECT_THAT(Codes(Check("Zurich-Lantern-42", composed)), IsEmpty());
}

TEST(NewPasswordTest, WhatIsWrongWithTheTemporaryOneDoesNotMatter) {
  for (const std::string& before : {std::string(), std::string("\xff\xfe"), std::string("a\0b", 3),
                                    std::string(1 << 20, 'x')}) {
    EXPECT_THAT(Codes(Check(good, before)), IsEmpty());
  }
}

TEST(NewPasswordTest, NoMessageHoldsThePassword) {
  for (const std::string given :
       {"xK9#mQ2", "12345678", "password1", "77-anna.smith-lantern", "Harbour\tLantern",
        "7QK0D-M1XYZ-ABCDE-FGHJK-MNPQRS", "anna.smith@example.com"}) {
    const NewPassword password = Check(given);
    ASSERT_FALSE(password.violations.empty()) << given;
    for (const FieldIssue& violation : password.violations) {
      EXPECT_THAT(violation.message, Not(HasSubstr(given)));
      EXPECT_THAT(violation.message, Not(HasSubstr("anna.smith")));
    }
  }
}

}  // namespace
}  // namespace provisioning
