// SPDX-License-Identifier: Apache-2.0
#include "client/csv/header.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace provisioning {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::vector<std::string> whole = {"email_address", "initial_password", "first_name",
                                        "last_name",     "birthdate",        "gender"};

std::string Refusal(const std::vector<std::string>& cells, bool password_optional = false) {
  const auto places = MatchHeader(cells, password_optional);
  EXPECT_TRUE(absl::IsInvalidArgument(places.status()));
  return std::string(places.status().message());
}

TEST(HeaderTest, MatchesByNameWhateverOrderCaseAndSpace) {
  const auto places = MatchHeader(
      {"Gender", " LAST_NAME ", "first_name\t", "Email_Address", "initial_password"}, false);
  ASSERT_TRUE(places.ok()) << places.status();
  EXPECT_EQ(places->place[static_cast<int>(Column::kEmailAddress)], 3);
  EXPECT_EQ(places->place[static_cast<int>(Column::kLastName)], 1);
  EXPECT_EQ(places->place[static_cast<int>(Column::kGender)], 0);
  EXPECT_FALSE(places->has(Column::kBirthdate));
}

TEST(HeaderTest, IgnoresEmptyCellsAtTheEnd) {
  auto cells = whole;
  cells.insert(cells.end(), {"", " "});
  const auto places = MatchHeader(cells, false);
  ASSERT_TRUE(places.ok()) << places.status();
  EXPECT_EQ(places->width, 6);
}

TEST(HeaderTest, NamesWhatIsMissing) {
  EXPECT_THAT(Refusal({"email_address", "initial_password", "first_name"}),
              AllOf(HasSubstr("- last_name            missing"), Not(HasSubstr("- gender"))));
}

TEST(HeaderTest, ThePasswordMayBeAbsentOnRequest) {
  const std::vector<std::string> cells = {"email_address", "first_name", "last_name"};
  EXPECT_TRUE(MatchHeader(cells, true).ok());
  EXPECT_THAT(Refusal(cells), HasSubstr("- initial_password     missing"));
}

TEST(HeaderTest, HashesStandInForPasswords) {
  const auto places =
      MatchHeader({"email_address", "first_name", "last_name", "Password_Hash"}, false);
  ASSERT_TRUE(places.ok()) << places.status();
  EXPECT_EQ(places->place[static_cast<int>(Column::kPasswordHash)], 3);
  auto both = whole;
  both.push_back("password_hash");
  EXPECT_TRUE(MatchHeader(both, false).ok());
  EXPECT_THAT(Refusal({"email_address"}), HasSubstr("a column password_hash"));
}

TEST(HeaderTest, NamesColumnsThatAreThereTwice) {
  auto cells = whole;
  cells.push_back("Gender");
  EXPECT_THAT(Refusal(cells), HasSubstr("cell 7 (column G): this column is there twice"));
}

TEST(HeaderTest, NamesUnknownColumns) {
  auto cells = whole;
  cells.push_back("shoe size");
  EXPECT_THAT(Refusal(cells), HasSubstr("+ \"shoe size\"          cell 7 (column G): unknown\n"));
}

TEST(HeaderTest, AnEmptyNameInBetweenIsUnknown) {
  EXPECT_THAT(Refusal({"email_address", "", "initial_password", "first_name", "last_name"}),
              HasSubstr("(no name)"));
}

struct MeantCase {
  const char* written;
  const char* meant;
};
class MeantColumnTest : public testing::TestWithParam<MeantCase> {};

TEST_P(MeantColumnTest, IsSuggested) {
  EXPECT_THAT(Refusal({"first_name", GetParam().written}),
              HasSubstr("did you mean " + std::string(GetParam().meant) + "?"));
}

INSTANTIATE_TEST_SUITE_P(
    All, MeantColumnTest,
    testing::Values(MeantCase{"email", "email_address"}, MeantCase{"E-Mail", "email_address"},
                    MeantCase{"emial_address", "email_address"},
                    MeantCase{"Email Address", "email_address"},
                    MeantCase{"password", "initial_password"}, MeantCase{"surname", "last_name"},
                    MeantCase{"lastname", "last_name"}, MeantCase{"Vorname", "first_name"},
                    MeantCase{"Correo electr\u00F3nico", "email_address"},
                    MeantCase{"PR\u00C9NOM", "first_name"}, MeantCase{"\u6027\u5225", "gender"},
                    MeantCase{"\u041F\u0430\u0440\u043E\u043B\u044C", "initial_password"},
                    MeantCase{"Date of Birth", "birthdate"}, MeantCase{"brithdate", "birthdate"},
                    MeantCase{"sex", "gender"}, MeantCase{"Hash", "password_hash"},
                    MeantCase{"encrypted_password", "password_hash"},
                    MeantCase{"password_digest", "password_hash"},
                    MeantCase{"passwordHash", "password_hash"},
                    MeantCase{"pasword_hash", "password_hash"}));

// The first line of a file without a header is a person's, password included.
TEST(HeaderTest, ShowsNothingOfAFileWithoutAHeader) {
  const std::string refusal = Refusal({"ann@x.example", "secret-password", "Ann", "Ng"});
  EXPECT_THAT(refusal, HasSubstr("the first line names none of the columns"));
  EXPECT_THAT(refusal, Not(HasSubstr("secret-password")));
  // Surnames that resemble "gender", and one that is a word for a birthday.
  for (const char* surname : {"Geller", "Gerber", "Sander", "Born"}) {
    EXPECT_THAT(Refusal({"ann@x.example", "secret-password", "Gene", surname, "19811120", "M"}),
                Not(HasSubstr("secret-password")))
        << surname;
    EXPECT_THAT(Refusal({"secret-password", "Ann", surname}), Not(HasSubstr("secret-password")));
  }
}

}  // namespace
}  // namespace provisioning
