// SPDX-License-Identifier: Apache-2.0
#include "service/credential/bcrypt.h"

#include <gtest/gtest.h>

#include <ctime>
#include <random>
#include <string>

#include "tests/support/random_seed.h"

namespace provisioning {
namespace {

// Of "cTT0EAFdwJiLn" and of 72 bytes ("0123456789abc...0123456789").
const std::string short_hash = "$2b$04$7/Qj7Kd8BcSahPO4khB8me4ssDJCW3r4OGYqPF87jxtrSyPj5cS5m";
const std::string short_password = "cTT0EAFdwJiLn";
const std::string long_hash = "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui";
const std::string long_password =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

TEST(BcryptTest, OnlyTheFirst72BytesCount) {
  ASSERT_EQ(long_password.size(), 72u);
  EXPECT_TRUE(VerifyBcrypt(long_hash, long_password));
  EXPECT_TRUE(VerifyBcrypt(long_hash, long_password + "x"));
  // More than libxcrypt itself takes.
  EXPECT_TRUE(VerifyBcrypt(long_hash, long_password + std::string(952, 'x')));
  EXPECT_FALSE(VerifyBcrypt(long_hash, long_password.substr(0, 71)));
  EXPECT_FALSE(VerifyBcrypt(long_hash, long_password.substr(0, 71) + "x"));
}

TEST(BcryptTest, ANulIsNotTheEndOfAPassword) {
  EXPECT_TRUE(VerifyBcrypt(short_hash, short_password));
  EXPECT_FALSE(VerifyBcrypt(short_hash, short_password + std::string(1, '\0')));
  EXPECT_FALSE(VerifyBcrypt(short_hash, short_password + std::string("\0x", 2)));
  EXPECT_FALSE(VerifyBcrypt(long_hash, long_password + std::string(1, '\0')));
}

TEST(BcryptTest, TheThreePrefixesAreOneAlgorithm) {
  for (const char* prefix : {"$2a$", "$2b$", "$2y$"}) {
    EXPECT_TRUE(VerifyBcrypt(prefix + short_hash.substr(4), short_password)) << prefix;
  }
  EXPECT_FALSE(VerifyBcrypt("$2x$" + short_hash.substr(4), short_password));
}

TEST(BcryptTest, BombsAreRefusedAtOnce) {
  const std::clock_t start = std::clock();
  for (const char* cost : {"15", "31", "32", "99"}) {
    EXPECT_FALSE(VerifyBcrypt("$2b$" + std::string(cost) + short_hash.substr(6), short_password));
  }
  // Of the processor's time. The least of them would take two seconds.
  EXPECT_LT(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC, 0.02);
}

// The hash that a text stands for: neither the three prefixes nor what a salt
// has no use for make a difference.
std::string Meaning(std::string text) {
  constexpr std::string_view alphabet =
      "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  if (text.size() != 60 || text.compare(0, 2, "$2") != 0 || text[3] != '$') return text;
  if (text[2] == 'a' || text[2] == 'y') text[2] = 'b';
  const std::size_t last = alphabet.find(text[28]);
  if (last != std::string_view::npos) text[28] = alphabet[last & ~std::size_t{15}];
  return text;
}

TEST(BcryptTest, RandomDamageNeverMatchesAndNeverCrashes) {
  std::mt19937_64 random(RandomSeed());
  constexpr std::string_view likely = "$./2aby04AZaz9=";
  for (int i = 0; i < 5'000; ++i) {
    std::string damaged = short_hash;
    for (std::size_t change = 0; change <= random() % 3; ++change) {
      const char c =
          random() % 2 == 0 ? likely[random() % likely.size()] : static_cast<char>(random());
      const std::size_t at = random() % (damaged.size() + 1);
      switch (random() % 4) {
        case 0:
          damaged.insert(at, 1, c);
          break;
        case 1:
          damaged.erase(at, random() % 4);
          break;
        default:
          if (at < damaged.size()) damaged[at] = c;
      }
    }
    ASSERT_EQ(VerifyBcrypt(damaged, short_password), Meaning(damaged) == Meaning(short_hash))
        << damaged;
  }
}

}  // namespace
}  // namespace provisioning
