// SPDX-License-Identifier: Apache-2.0
#include "service/hash_format/imported_hash_reader.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "tests/support/random_seed.h"

namespace provisioning {
namespace {

const std::string salt_22 = "abcdefghijklmnopqrstuu";  // 128 bits, no spare ones set.
const std::string hash_43(43, 'A');
const std::string hash_31 = "xpsjN0c7II7YPKXua2NAKYvM6iQk7dq";

std::string Argon2id(const std::string& parameters, const std::string& salt = std::string(22, 'A'),
                     const std::string& hash = hash_43) {
  return "$argon2id$v=19$" + parameters + "$" + salt + "$" + hash;
}

std::string Bcrypt(const std::string& head, const std::string& salt = salt_22,
                   const std::string& hash = hash_31) {
  return head + salt + hash;
}

bool IsTaken(const std::string& text) {
  const auto reading = ImportedHashReader::Read(text);
  const auto* const hash = std::get_if<ImportedHash>(&reading);
  return hash != nullptr && hash->text() == text;
}

// The name of the scheme that refuses it, and why.
std::pair<std::string, HashFault> RefusalOf(const std::string& text) {
  const auto reading = ImportedHashReader::Read(text);
  const auto* const refusal = std::get_if<HashRefusal>(&reading);
  if (refusal == nullptr) {
    ADD_FAILURE() << text << " is taken";
    return {};
  }
  EXPECT_EQ(refusal->scheme == nullptr, refusal->fault == HashFault::kScheme) << text;
  return {refusal->scheme == nullptr ? "" : std::string(refusal->scheme->name), refusal->fault};
}

void ExpectRefused(const std::vector<std::string>& texts, const std::string& scheme,
                   HashFault fault) {
  for (const std::string& text : texts) {
    EXPECT_EQ(RefusalOf(text), std::pair(scheme, fault)) << text;
  }
}

TEST(ImportedHashReaderTest, TakesBothSchemesBetweenTheirBounds) {
  const std::string longest(86, 'A');
  for (const std::string& text : {
           Argon2id("m=7168,t=5,p=1"),
           Argon2id("m=9216,t=4,p=1"),
           Argon2id("m=12288,t=3,p=1"),
           Argon2id("m=19456,t=2,p=1"),
           Argon2id("m=47104,t=1,p=1"),
           Argon2id("m=35840,t=1,p=1"),
           Argon2id("m=65536,t=3,p=4"),
           Argon2id("m=102400,t=2,p=8"),
           Argon2id("m=52428,t=10,p=16"),
           Argon2id("m=131072,t=4,p=16"),
           Argon2id("m=19456,t=2,p=1", std::string(11, 'A'), std::string(22, 'A')),
           Argon2id("m=131072,t=4,p=16", longest, longest),
           Bcrypt("$2a$10$"),
           Bcrypt("$2b$12$"),
           Bcrypt("$2y$14$"),
           Bcrypt("$2b$10$", "./ABCDEFGHIJKLMNOPQRS."),
       }) {
    EXPECT_TRUE(IsTaken(text)) << text;
  }
}

// Implementations that take salts as text leave in what 128 bits have no room for.
TEST(ImportedHashReaderTest, SpareBitsOfABcryptSaltDoNotMatter) {
  EXPECT_TRUE(IsTaken(Bcrypt("$2b$10$", "1234567899123456789012")));
}

TEST(ImportedHashReaderTest, OtherSchemesAreUnknown) {
  ExpectRefused(
      {"",
       "Harbour-Lantern-42",
       "$",
       "$argon2id",
       "$argon2i$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$" + hash_43,
       "$argon2d$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$" + hash_43,
       "argon2$argon2id$v=19$m=102400,t=2,p=8$c29tZXNhbHQ$" + hash_43,
       "$ARGON2ID$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$" + hash_43,
       " " + Bcrypt("$2b$10$"),
       Bcrypt("$2x$10$"),
       Bcrypt("$2$10$"),
       Bcrypt("$2c$10$"),
       Bcrypt("bcrypt$$2b$10$"),
       Bcrypt("{bcrypt}$2a$10$"),
       "$1$saltsalt$//251epTQaKpm7/bnAD.Z.",
       "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc8",
       "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjlO/O817G3uBnIFNjnQJuesI68u4OTLiBFdc"
       "bYEdFCoEOfaS35inz1",
       "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7",
       "$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD"
       "+iCs5E",
       "$pbkdf2-sha256$6400$0ZrzXitFSGltTQnBWOsdeg$Y11AchqV4b0sUisdZd0Xr97KWoymNE0LNNrnEgY"
       "4H9M",
       "pbkdf2_sha256$600000$salt$hash",
       "{SSHA}DkMTwBl+a/3DQTxCYEApdUtNXGgdUac3",
       "$salted-sha256$AAAAAAAAAAAAAAAAAAAAAA$" + hash_43,
       "5f4dcc3b5aa765d61d8327deb882cf99"},
      "", HashFault::kScheme);
}

TEST(ImportedHashReaderTest, OneTextStandsForAHash) {
  const std::string zeroes(22, 'A');
  ExpectRefused({"$argon2id$",
                 "$argon2id$v=19$m=19456,t=2,p=1$" + hash_43,
                 "$argon2id$m=19456,t=2,p=1$" + zeroes + "$" + hash_43,
                 "$argon2id$v=16$m=19456,t=2,p=1$" + zeroes + "$" + hash_43,
                 "$argon2id$v=20$m=19456,t=2,p=1$" + zeroes + "$" + hash_43,
                 Argon2id("t=2,m=19456,p=1"),
                 Argon2id("m=19456,t=2"),
                 Argon2id("m=19456,t=2,p=1,keyid=AAAA"),
                 Argon2id("m=19456,t=2,p=1,data=1"),
                 Argon2id("m=19456,t=2,p=1,p=1"),
                 Argon2id("m=019456,t=2,p=1"),
                 Argon2id("m=+19456,t=2,p=1"),
                 Argon2id("m=4294967296,t=2,p=1"),
                 Argon2id("m=19456,t=0,p=1"),
                 Argon2id("m=19456,t=2,p=0"),
                 Argon2id("m=127,t=2,p=16"),
                 Argon2id("m=19456,t=2,p=1", "AAAAAAAAAA"),                // A salt of 7 bytes,
                 Argon2id("m=19456,t=2,p=1", std::string(87, 'A')),        // of 65,
                 Argon2id("m=19456,t=2,p=1", std::string(21, 'A') + "B"),  // with spare bits.
                 Argon2id("m=19456,t=2,p=1", zeroes, std::string(20, 'A')),
                 Argon2id("m=19456,t=2,p=1", zeroes, std::string(87, 'A')),
                 Argon2id("m=19456,t=2,p=1", zeroes + "==", hash_43),
                 Argon2id("m=19456,t=2,p=1") + "$",
                 Argon2id("m=19456,t=2,p=1") + "\n",
                 Argon2id("m=19456,t=2,p=1") + std::string(1, '\0'),
                 Argon2id("m=19456,t=2,p=1", zeroes, "-_" + std::string(41, 'A')),
                 Argon2id("m=19456,t=2,p=1", zeroes, std::string(100'000, 'A'))},
                "argon2id", HashFault::kForm);
  ExpectRefused({"$2b$", "$2b$10$", Bcrypt("$2b$9$"), Bcrypt("$2b$100$"), Bcrypt("$2b$1x$"),
                 Bcrypt("$2b$10"), Bcrypt("$2b$10$") + "A", Bcrypt("$2b$10$") + "\n",
                 Bcrypt("$2b$10$", salt_22, hash_31.substr(1)),
                 Bcrypt("$2b$10$", salt_22, hash_31.substr(1) + "+"),
                 Bcrypt("$2b$10$", salt_22, "=" + hash_31.substr(1)),
                 Bcrypt("$2b$10$", salt_22, std::string(30, 'A') + "/"),  // Spare bits.
                 Bcrypt("$2b$10$", salt_22, "\xc3\xa9" + hash_31.substr(2)),
                 Bcrypt("$2b$10$", salt_22, std::string(1, '\0') + hash_31.substr(1))},
                "bcrypt", HashFault::kForm);
}

TEST(ImportedHashReaderTest, CheapOnesAreTooWeak) {
  ExpectRefused(
      {Argon2id("m=7167,t=10,p=1"), Argon2id("m=8,t=1,p=1"), Argon2id("m=7168,t=4,p=1"),
       Argon2id("m=35839,t=1,p=1"), Argon2id("m=4096,t=3,p=1"), Argon2id("m=16384,t=2,p=1")},
      "argon2id", HashFault::kTooWeak);
  ExpectRefused({Bcrypt("$2b$09$"), Bcrypt("$2a$04$"), Bcrypt("$2y$00$")}, "bcrypt",
                HashFault::kTooWeak);
}

TEST(ImportedHashReaderTest, BombsAreTooCostly) {
  ExpectRefused(
      {Argon2id("m=131073,t=1,p=1"), Argon2id("m=4194304,t=1,p=1"),
       Argon2id("m=4294967295,t=4294967295,p=1"), Argon2id("m=7168,t=11,p=1"),
       Argon2id("m=8,t=4294967295,p=1"), Argon2id("m=131072,t=5,p=1"), Argon2id("m=52429,t=10,p=1"),
       Argon2id("m=65536,t=3,p=17"), Argon2id("m=134217728,t=3,p=16777216")},
      "argon2id", HashFault::kTooCostly);
  ExpectRefused({Bcrypt("$2b$15$"), Bcrypt("$2a$31$"), Bcrypt("$2y$99$")}, "bcrypt",
                HashFault::kTooCostly);
}

// Whatever is taken after some damage is short, and is of a scheme.
TEST(ImportedHashReaderTest, AnyBytesAreAnswered) {
  std::mt19937_64 random(RandomSeed());
  const std::string whole[] = {Argon2id("m=65536,t=3,p=4"), Bcrypt("$2b$12$")};
  constexpr std::string_view likely = "$=,-019mtpvab+/.";
  int taken = 0;
  for (int i = 0; i < 100'000; ++i) {
    std::string text = whole[i % 2];
    for (std::size_t change = 0; change <= random() % 4; ++change) {
      const char c =
          random() % 2 == 0 ? likely[random() % likely.size()] : static_cast<char>(random());
      const std::size_t at = random() % (text.size() + 1);
      switch (random() % 3) {
        case 0:
          text.insert(at, 1, c);
          break;
        case 1:
          text.erase(at, random() % 5);
          break;
        default:
          if (at < text.size()) text[at] = c;
      }
    }
    if (!IsTaken(text)) continue;
    ++taken;
    ASSERT_LE(text.size(), 256u);
    ASSERT_TRUE(text.starts_with("$argon2id$v=19$m=") || text.size() == 60) << text;
  }
  EXPECT_GT(taken, 1000);
}

}  // namespace
}  // namespace provisioning
