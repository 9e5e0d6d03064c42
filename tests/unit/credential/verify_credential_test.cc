// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <ctime>
#include <random>
#include <string>
#include <vector>

#include "service/credential/credential_factory.h"
#include "tests/support/random_seed.h"

namespace provisioning {
namespace {

// Only a test would use it: what is tested here is not the cost.
constexpr HashCost cheap{.memory_kib = 8, .iterations = 1};

bool Verify(std::string_view phc, std::string_view typed) {
  return VerifyCredential(phc, SecretString(typed));
}

std::string Replaced(std::string text, std::string_view from, std::string_view to) {
  return text.replace(text.find(from), from.size(), to);
}

TEST(VerifyCredentialTest, AChosenPasswordMatchesByteForByte) {
  const std::string phc =
      CredentialFactory(HashCost()).Hash(SecretString("Correct-horse 0"))->phc();
  EXPECT_TRUE(Verify(phc, "Correct-horse 0"));
  for (const char* typed : {"", "correct-horse 0", "Correct-horse O", "Correcthorse0",
                            "Correct-horse 0 ", " Correct-horse 0", "Correct-horse"}) {
    EXPECT_FALSE(Verify(phc, typed)) << typed;
  }
}

TEST(VerifyCredentialTest, AnEmptyPasswordIsAPasswordLikeAnyOther) {
  const CredentialFactory factory(cheap);
  EXPECT_TRUE(Verify(factory.Hash(SecretString())->phc(), ""));
  EXPECT_FALSE(Verify(factory.Hash(SecretString())->phc(), "x"));
  EXPECT_FALSE(Verify(factory.Generate().credential.phc(), ""));
}

TEST(VerifyCredentialTest, AGeneratedPasswordMayBeTypedAsPeopleDo) {
  const CredentialFactory factory{HashCost()};
  for (int i = 0; i < 1000; ++i) {
    const CredentialFactory::Generated generated = factory.Generate();
    const std::string& phc = generated.credential.phc();
    std::string typed(generated.password.Reveal());
    ASSERT_TRUE(Verify(phc, typed)) << phc;
    std::transform(typed.begin(), typed.end(), typed.begin(),
                   [](char c) { return static_cast<char>(std::tolower(c)); });
    ASSERT_TRUE(Verify(phc, typed)) << phc;
    std::replace(typed.begin(), typed.end(), '0', 'o');
    std::replace(typed.begin(), typed.end(), '1', i % 2 == 0 ? 'l' : 'I');
    std::replace(typed.begin(), typed.end(), '-', ' ');
    ASSERT_TRUE(Verify(phc, " " + typed + " ")) << phc;
    std::erase(typed, ' ');
    ASSERT_TRUE(Verify(phc, typed)) << phc;
  }
}

TEST(VerifyCredentialTest, AGeneratedPasswordWithAnotherDigitIsRefused) {
  const CredentialFactory::Generated generated = CredentialFactory(HashCost()).Generate();
  const std::string right(generated.password.Reveal());
  for (std::size_t i = 0; i < right.size(); ++i) {
    if (right[i] == '-') continue;
    for (const char c : std::string_view("0123456789ABCDEFGHJKMNPQRSTVWXYZU")) {
      std::string typed = right;
      typed[i] = c;
      EXPECT_EQ(Verify(generated.credential.phc(), typed), c == right[i]) << i << c;
    }
    EXPECT_FALSE(Verify(generated.credential.phc(), std::string(right).erase(i, 1)));
    EXPECT_FALSE(Verify(generated.credential.phc(), std::string(right).insert(i, 1, 'A')));
  }
}

TEST(VerifyCredentialTest, AVeryLongPasswordMatchesNothing) {
  const std::string longest(1024, 'x');
  const CredentialFactory factory(cheap);
  EXPECT_TRUE(Verify(factory.Hash(SecretString(longest))->phc(), longest));
  EXPECT_FALSE(Verify(factory.Hash(SecretString(longest + "x"))->phc(), longest + "x"));
  const CredentialFactory::Generated generated = factory.Generate();
  EXPECT_FALSE(Verify(generated.credential.phc(),
                      std::string(1024, ' ') + std::string(generated.password.Reveal())));
}

TEST(VerifyCredentialTest, StringsThatAreBombsAreRefusedAtOnce) {
  const std::string phc = CredentialFactory(HashCost()).Hash(SecretString("password"))->phc();
  const std::string bcrypt = "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy";
  const std::vector<std::string> bombs = {Replaced(phc, "m=7168", "m=4194304"),
                                          Replaced(phc, "m=7168", "m=4294967295"),
                                          Replaced(phc, "m=7168", "m=131073"),
                                          Replaced(phc, "m=7168,t=5", "m=131072,t=5"),
                                          Replaced(phc, "t=5", "t=11"),
                                          Replaced(phc, "t=5", "t=4294967295"),
                                          Replaced(phc, "p=1", "p=17"),
                                          Replaced(phc, "p=1", "p=16777216"),
                                          Replaced(phc, "m=7168", "m=18446744073709551616"),
                                          Replaced(phc, "m=7168,", "m=8,m=65537,"),
                                          Replaced(bcrypt, "$10$", "$15$"),
                                          Replaced(bcrypt, "$10$", "$31$")};
  const std::clock_t start = std::clock();
  for (const std::string& bomb : bombs) EXPECT_FALSE(Verify(bomb, "password")) << bomb;
  // Of the processor's time, which a busy machine does not stretch. It takes
  // microseconds; the least of them would take a tenth of a second.
  EXPECT_LT(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC, 0.02);
}

TEST(VerifyCredentialTest, OtherStringsMatchNothing) {
  const std::string phc = CredentialFactory(cheap).Hash(SecretString("password"))->phc();
  ASSERT_TRUE(Verify(phc, "password"));
  for (const std::string& other : {
           std::string(),
           std::string("password"),
           std::string("$"),
           std::string("$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"),
           Replaced(phc, "argon2id", "argon2i"),
           Replaced(phc, "argon2id", "argon2d"),
           Replaced(phc, "argon2id", "salted-sha256"),
           Replaced(phc, "v=19", "v=16"),
           Replaced(phc, "$v=19", ""),
           Replaced(phc, "m=8", "m=7"),
           Replaced(phc, "m=8", "m=0"),
           Replaced(phc, "t=1", "t=0"),
           Replaced(phc, "p=1", "p=0"),
           Replaced(phc, ",p=1", ""),
           Replaced(phc, "m=8,t=1", "t=1,m=8"),
           phc + "$",
           phc + "=",
           phc + std::string(1, '\0'),
           " " + phc,
           phc.substr(1),
       }) {
    EXPECT_FALSE(Verify(other, "password")) << other;
  }
}

TEST(VerifyCredentialTest, RandomDamageNeverMatchesAndNeverCrashes) {
  std::mt19937_64 random(RandomSeed());
  const auto below = [&random](std::size_t bound) { return random() % bound; };
  const CredentialFactory factory(cheap);
  const CredentialFactory::Generated generated = factory.Generate();
  const std::string generated_password(generated.password.Reveal());
  const std::string chosen = factory.Hash(SecretString("password"))->phc();
  constexpr std::string_view likely = "$=,-019mtpvAz+/";
  for (int i = 0; i < 20'000; ++i) {
    const bool use_chosen = i % 2 == 0;
    const std::string& whole = use_chosen ? chosen : generated.credential.phc();
    std::string damaged = whole;
    for (std::size_t change = 0; change <= below(3); ++change) {
      const std::size_t at = below(damaged.size());
      const char c = below(2) == 0 ? likely[below(likely.size())] : static_cast<char>(random());
      switch (below(4)) {
        case 0:
          damaged[at] = c;
          break;
        case 1:
          damaged.insert(at, 1, c);
          break;
        case 2:
          damaged.erase(at, 1 + below(4));
          break;
        default:
          damaged.resize(at + 1);
      }
      if (damaged.empty()) break;
    }
    ASSERT_EQ(Verify(damaged, use_chosen ? "password" : generated_password), damaged == whole)
        << damaged;
  }
}

TEST(VerifyCredentialTest, RandomBytesMatchNothing) {
  std::mt19937_64 random(RandomSeed());
  for (int i = 0; i < 20'000; ++i) {
    std::string phc = i % 2 == 0 ? "$argon2id$v=19$" : "";
    for (std::size_t left = random() % 200; left > 0; --left) phc += static_cast<char>(random());
    ASSERT_FALSE(Verify(phc, "password"));
  }
}

}  // namespace
}  // namespace provisioning
