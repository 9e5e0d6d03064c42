// SPDX-License-Identifier: Apache-2.0
#include "service/credential/credential_factory.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <unordered_set>
#include <variant>
#include <vector>

#include "service/hash_format/imported_hash_reader.h"

namespace provisioning {
namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const std::string bcrypt = "$2a$10$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga";
constexpr int password_count = 100'000;

std::vector<std::string> GenerateMany() {
  const CredentialFactory factory{HashCost()};
  std::vector<std::string> passwords;
  for (int i = 0; i < password_count; ++i) {
    passwords.emplace_back(factory.Generate().password.Reveal());
  }
  return passwords;
}

TEST(CredentialFactoryTest, AHashIsArgon2idAtTheFactorysCost) {
  const std::optional<Credential> credential =
      CredentialFactory(HashCost{19456, 2}).Hash(SecretString("correct horse"));
  ASSERT_TRUE(credential.has_value());
  EXPECT_EQ(credential->kind(), CredentialKind::kGiven);
  EXPECT_TRUE(credential->temporary());
  EXPECT_FALSE(credential->generated());
  EXPECT_TRUE(credential->phc().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"))
      << credential->phc();
}

TEST(CredentialFactoryTest, ALastingOneIsHashedAlike) {
  const std::optional<Credential> credential =
      CredentialFactory(HashCost{19456, 2}).HashLasting(SecretString("correct horse"));
  ASSERT_TRUE(credential.has_value());
  EXPECT_EQ(credential->kind(), CredentialKind::kLasting);
  EXPECT_FALSE(credential->temporary());
  EXPECT_FALSE(credential->generated());
  EXPECT_TRUE(credential->phc().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
  EXPECT_TRUE(VerifyCredential(credential->phc(), SecretString("correct horse")));
}

TEST(CredentialFactoryTest, AnImportedOneLastsAsItIs) {
  const auto reading = ImportedHashReader::Read(bcrypt);
  const Credential credential = CredentialFactory::Imported(std::get<ImportedHash>(reading));
  EXPECT_EQ(credential.phc(), bcrypt);
  EXPECT_EQ(credential.kind(), CredentialKind::kLasting);
}

TEST(CredentialFactoryTest, AHashOfAnotherCostOrSchemeIsMadeAnew) {
  const CredentialFactory factory(HashCost{7168, 5});
  const SecretString password("correct horse");
  EXPECT_FALSE(factory.NeedsRehash(factory.Hash(password)->phc(), password.size()));
  EXPECT_FALSE(factory.NeedsRehash(factory.HashLasting(password)->phc(), password.size()));
  EXPECT_TRUE(factory.NeedsRehash(CredentialFactory(HashCost{9216, 4}).HashLasting(password)->phc(),
                                  password.size()));
  EXPECT_TRUE(
      factory.NeedsRehash("$argon2id$v=19$m=65536,t=3,p=4$MIIRqgvgQbgj220jfp0MPA$"
                          "YfwJSVjtjSU0zzV/P3S9nnQ/USre2wvJMjfCIjrTQbg",
                          password.size()));
  EXPECT_FALSE(factory.NeedsRehash(factory.Generate().credential.phc(), 30));
}

// Whatever stands behind the 72nd byte verifies, so a mistyped end would become
// a part of the password.
TEST(CredentialFactoryTest, ABcryptHashOfALongPasswordIsKept) {
  const CredentialFactory factory{HashCost()};
  EXPECT_TRUE(factory.NeedsRehash(bcrypt, 8));
  EXPECT_TRUE(factory.NeedsRehash(bcrypt, 72));
  EXPECT_FALSE(factory.NeedsRehash(bcrypt, 73));
}

TEST(CredentialFactoryTest, NoMemoryIsNoCredential) {
  const CredentialFactory factory(HashCost{.memory_kib = 8, .iterations = 0});
  EXPECT_FALSE(factory.Hash(SecretString("correct horse")).has_value());
  EXPECT_FALSE(factory.HashLasting(SecretString("correct horse")).has_value());
}

TEST(CredentialFactoryTest, AGeneratedOneIsASaltedSha256) {
  const CredentialFactory::Generated generated = CredentialFactory(HashCost()).Generate();
  EXPECT_TRUE(generated.credential.generated());
  EXPECT_TRUE(generated.credential.phc().starts_with("$salted-sha256$"));
  EXPECT_EQ(generated.credential.phc().size(), 15u + 22 + 1 + 43);
  EXPECT_EQ(generated.credential.phc().find(generated.password.Reveal()), std::string::npos);
}

TEST(CredentialFactoryTest, EverySaltIsANewOne) {
  const CredentialFactory factory{HashCost()};
  std::unordered_set<std::string> salts;
  for (int i = 0; i < 10'000; ++i) salts.insert(factory.Generate().credential.phc().substr(15, 22));
  EXPECT_EQ(salts.size(), 10'000u);
}

TEST(CredentialFactoryTest, GeneratedPasswordsAreDistinctAndOfTheDocumentedForm) {
  std::unordered_set<std::string> seen;
  for (std::string& password : GenerateMany()) {
    ASSERT_EQ(password.size(), 30u);
    for (std::size_t i = 0; i < password.size(); ++i) {
      if (i % 6 == 5 && i < 24) {
        ASSERT_EQ(password[i], '-') << i;
      } else {
        ASSERT_NE(alphabet.find(password[i]), std::string_view::npos) << i;
      }
    }
    ASSERT_TRUE(seen.insert(std::move(password)).second);
  }
}

// With 31 degrees of freedom chi-square passes 120 with a chance of about 1e-12,
// so one of the 26 places does with well below 1e-9.
TEST(CredentialFactoryTest, EveryDigitIsAsLikelyInEveryPlace) {
  constexpr double chi_square_max = 120;
  std::array<std::array<int, alphabet.size()>, 30> counts{};
  for (const std::string& password : GenerateMany()) {
    for (std::size_t i = 0; i < password.size(); ++i) {
      if (password[i] != '-') ++counts[i][alphabet.find(password[i])];
    }
  }
  constexpr double expected = static_cast<double>(password_count) / alphabet.size();
  for (std::size_t place = 0; place < counts.size(); ++place) {
    if (place % 6 == 5 && place < 24) continue;
    double chi_square = 0;
    for (const int count : counts[place]) {
      chi_square += (count - expected) * (count - expected) / expected;
    }
    EXPECT_LT(chi_square, chi_square_max) << place;
  }
}

}  // namespace
}  // namespace provisioning
