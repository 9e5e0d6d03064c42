// SPDX-License-Identifier: Apache-2.0
// Rows of random bytes, grown from pieces that the rules have something to say
// about. SEED and COUNT repeat or lengthen a run.
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>

#include "service/rules/row_rules.h"
#include "service/rules/utf8.h"
#include "tests/support/fake_clock.h"

namespace provisioning {
namespace {

constexpr std::string_view pieces[] = {"a",          "B",        "@",
                                       ".",          "-",        "xn--",
                                       "example",    ".com",     "\u00fc",
                                       "u\u0308",    "\u0301",   "\u0323",
                                       "\u200b",     "\u200d",   "\u202e",
                                       "\ufeff",     " ",        "\t",
                                       "\n",         "\u00a0",   "\u3000",
                                       "=",          "\"",       "#N/A",
                                       "#",          "!",        "1981",
                                       "11",         "20",       "19811120",
                                       "29910",      "E+07",     "M",
                                       "F",          "mailto:",  "<",
                                       ">",          ";",        ",",
                                       "'",          "\u65e5",   "\u05d0",
                                       "\u0645",     "\u1112",   "\u1161",
                                       "\u11ab",     "\u0378",   "\uffff",
                                       "\ue000",     "\u0660",   "\u06f0",
                                       "\u00b7",     "\u30fb",   "\U0001f600",
                                       "\xff",       "\xc0\x80", "\xed\xa0\x80",
                                       "\xc3",       "passw0rd", "anna",
                                       "gmial.com",  "\u3002",   "\uff20",
                                       "\u212b",     "\u0344",   "\u1f82",
                                       "\U0001d160", "\u0085",   "\u2028",
                                       "DROP TABLE", "%s%n",     "\x7f"};

std::uint64_t FromEnvironment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

constexpr std::string_view hash = "$2a$10$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga";

class RowMaker {
 public:
  explicit RowMaker(std::uint64_t seed) : random_(seed) {}

  ClientRow Make() {
    ClientRow row;
    row.row_number = 1;
    row.email_address = Below(3) == 0 ? "anna@" + Letters(4) + ".example" : Cell("anna@b.example");
    row.first_name = Cell("Anna");
    row.last_name = Cell("Smith");
    row.birthdate = Cell("");
    row.gender = Cell("F");
    // Now and then the password stands in another column, too.
    const std::string copies[] = {row.email_address, row.first_name, row.birthdate};
    row.initial_password = SecretString(Below(4) == 0 ? copies[Below(3)] : Cell("Harbour-42-x"));
    // So do hashes, and passwords in their place.
    if (Below(4) == 0) {
      if (Below(2) == 0) row.initial_password = SecretString();
      row.password_hash = SecretString(Below(4) == 0 ? copies[Below(3)] : Cell(hash));
    }
    return row;
  }

 private:
  std::size_t Below(std::size_t bound) { return random_() % bound; }

  // One that is right, one of letters, or one of anything.
  std::string Cell(std::string_view right) {
    switch (Below(4)) {
      case 0:
        return Letters(16);
      case 1:
        return Anything();
      default:
        return std::string(right);
    }
  }

  std::string Letters(std::size_t characters_max) {
    std::string cell;
    for (std::size_t i = Below(characters_max) + 1; i > 0; --i) {
      const std::size_t block = 0x80 * (Below(8) == 0 ? Below(0x400) : Below(16));
      const auto point = static_cast<char32_t>(block + 0x40 + Below(0x40));
      AppendCodePoint(point >= 0xD800 && point <= 0xDFFF ? U'x' : point, cell);
    }
    return cell;
  }

  std::string Anything() {
    std::string cell;
    const std::size_t length = Below(200) == 0 ? Below(1500) : Below(9);
    for (std::size_t i = 0; i < length; ++i) {
      switch (Below(4)) {
        case 0:
          cell += static_cast<char>(Below(256));
          break;
        case 1:
          AppendCodePoint(RandomCodePoint(), cell);
          break;
        default:
          cell += pieces[Below(std::size(pieces))];
      }
    }
    return cell;
  }

  char32_t RandomCodePoint() {
    const auto point = static_cast<char32_t>(Below(Below(2) == 0 ? 0x3400 : 0x110000));
    return point >= 0xD800 && point <= 0xDFFF ? U'?' : point;
  }

  std::mt19937_64 random_;
};

void ExpectGoodIssues(const std::vector<FieldIssue>& issues, std::string_view password,
                      std::string_view hash_cell) {
  int column = -1;
  for (const FieldIssue& issue : issues) {
    EXPECT_TRUE(IsUtf8(issue.message));
    EXPECT_FALSE(issue.message.empty());
    EXPECT_LE(issue.message.size(), 1024u);
    EXPECT_TRUE(IsUtf8(issue.suggestion));
    EXPECT_LE(issue.suggestion.size(), 254u);
    for (const std::string_view secret : {password, hash_cell}) {
      if (secret.size() < 8) continue;
      EXPECT_EQ(issue.message.find(secret), std::string::npos) << issue.message;
      EXPECT_EQ(issue.suggestion.find(secret), std::string::npos) << issue.suggestion;
    }
    int own = 0;
    while (ColumnName(static_cast<Column>(own)) != issue.field) ASSERT_LT(++own, column_count);
    EXPECT_GE(own, column);
    column = own;
  }
}

bool IsLowerAscii(std::string_view text) {
  for (const char c : text) {
    if (c <= ' ' || c >= 0x7F || (c >= 'A' && c <= 'Z')) return false;
  }
  return true;
}

// The row again as it would be stored.
ClientRow StoredRow(const CheckedRow& checked) {
  ClientRow row;
  row.row_number = checked.row_number();
  row.email_address = checked.email_address();
  row.initial_password = checked.password().Clone();
  if (checked.imported_hash()) row.password_hash = SecretString(checked.imported_hash()->text());
  row.first_name = checked.profile().first_name;
  row.last_name = checked.profile().last_name;
  if (checked.profile().birthdate != 0) row.birthdate = std::to_string(checked.profile().birthdate);
  if (checked.profile().gender != 0) row.gender = checked.profile().gender;
  return row;
}

void ExpectStoredForm(const CheckedRow& row) {
  EXPECT_TRUE(IsLowerAscii(row.email_address())) << row.email_address();
  EXPECT_EQ(row.password().empty(), row.imported_hash().has_value());
  EXPECT_TRUE(row.imported_hash() || row.password().size() >= 8);
  EXPECT_LE(row.password().size(), 1024u);
  for (const std::string* name : {&row.profile().first_name, &row.profile().last_name}) {
    EXPECT_FALSE(name->empty());
    EXPECT_LE(name->size(), 800u);
    EXPECT_EQ(name->find('\0'), std::string::npos);
  }
  const char gender = row.profile().gender;
  EXPECT_TRUE(gender == 0 || gender == 'M' || gender == 'F');
}

TEST(RowRulesRandomTest, AnyBytesAreAnswered) {
  const std::uint64_t seed = FromEnvironment("SEED", 20260701);
  const std::uint64_t count = FromEnvironment("COUNT", 150'000);
  std::cout << "SEED=" << seed << " COUNT=" << count << "\n";
  FakeClock clock;
  const RowRules rules(clock);
  RowMaker maker(seed);
  int accepted = 0;
  int hashed = 0;
  for (std::uint64_t i = 0; i < count && !HasFailure(); ++i) {
    ClientRow row = maker.Make();
    const SecretString password = row.initial_password.Clone();
    const SecretString hash_cell = row.password_hash.Clone();
    const CheckedRow checked = rules.Check(std::move(row), PasswordNeed::kRequired);
    ExpectGoodIssues(checked.violations(), password.Reveal(), hash_cell.Reveal());
    ExpectGoodIssues(checked.warnings(), password.Reveal(), hash_cell.Reveal());
    EXPECT_LE(checked.email_address().size(), 254u);
    EXPECT_TRUE(IsUtf8(checked.email_address()));
    EXPECT_TRUE(IsUtf8(checked.profile().first_name));
    if (!checked.accepted()) continue;
    ++accepted;
    hashed += checked.imported_hash() ? 1 : 0;
    ExpectStoredForm(checked);
    const CheckedRow again = rules.Check(StoredRow(checked), PasswordNeed::kRequired);
    ASSERT_TRUE(again.accepted()) << again.violations()[0].message << " in row " << i;
    EXPECT_EQ(again.email_address(), checked.email_address());
    EXPECT_EQ(again.profile(), checked.profile());
    EXPECT_EQ(again.password().Reveal(), checked.password().Reveal());
  }
  // Otherwise the rows have become too wild to try the other half.
  EXPECT_GT(accepted, static_cast<int>(count / 500));
  EXPECT_GT(hashed, static_cast<int>(count / 5000));
}

}  // namespace
}  // namespace provisioning
