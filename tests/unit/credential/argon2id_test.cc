// SPDX-License-Identifier: Apache-2.0
// libsodium's Argon2id against libargon2's.
#include "service/credential/argon2id.h"

#include <argon2.h>
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>

#include "tests/support/random_seed.h"

namespace provisioning {
namespace {

constexpr std::array<HashCost, 5> costs = {
    {{47104, 1}, {19456, 2}, {12288, 3}, {9216, 4}, {7168, 5}}};

const std::array<std::string, 5> passwords = {"correct horse", "", "p\xc3\xa4ssw\xc3\xb6rter",
                                              std::string("nul\0inside", 10),
                                              std::string(1024, 'x')};

// As libargon2 writes it, with a fixed salt.
std::string OraclePhc(const HashCost& cost, const std::string& password, int parallelism = 1,
                      std::size_t salt_size = 16, std::size_t hash_size = 32) {
  const std::string salt(salt_size, 's');
  std::string encoded(512, '\0');
  const int error = argon2id_hash_encoded(
      static_cast<std::uint32_t>(cost.iterations), static_cast<std::uint32_t>(cost.memory_kib),
      static_cast<std::uint32_t>(parallelism), password.data(), password.size(), salt.data(),
      salt.size(), hash_size, encoded.data(), encoded.size());
  EXPECT_EQ(error, ARGON2_OK) << argon2_error_message(error);
  encoded.resize(encoded.find('\0'));
  return encoded;
}

TEST(Argon2idTest, TheOracleVerifiesOurs) {
  for (const HashCost& cost : costs) {
    for (const std::string& password : passwords) {
      const std::optional<std::string> phc = Argon2idPhc(cost, password);
      ASSERT_TRUE(phc.has_value());
      EXPECT_EQ(argon2id_verify(phc->c_str(), password.data(), password.size()), ARGON2_OK) << *phc;
    }
  }
}

TEST(Argon2idTest, WeVerifyTheOracles) {
  for (const HashCost& cost : costs) {
    for (const std::string& password : passwords) {
      const std::string phc = OraclePhc(cost, password);
      EXPECT_TRUE(VerifyArgon2id(phc, password)) << phc;
      EXPECT_FALSE(VerifyArgon2id(phc, password + "x")) << phc;
    }
  }
}

TEST(Argon2idTest, TheStringSaysTheCost) {
  for (const HashCost& cost : costs) {
    const std::string head = "$argon2id$v=19$m=" + std::to_string(cost.memory_kib) +
                             ",t=" + std::to_string(cost.iterations) + ",p=1$";
    const std::optional<std::string> phc = Argon2idPhc(cost, "password");
    ASSERT_TRUE(phc.has_value());
    EXPECT_EQ(phc->substr(0, head.size()), head);
    EXPECT_EQ(phc->size(), head.size() + 22 + 1 + 43);
  }
}

TEST(Argon2idTest, ASaltIsNotUsedTwice) {
  const HashCost cheap{.memory_kib = 8, .iterations = 1};
  EXPECT_NE(Argon2idPhc(cheap, "password"), Argon2idPhc(cheap, "password"));
}

TEST(Argon2idTest, TheBoundsThemselvesAreAllowed) {
  EXPECT_TRUE(VerifyArgon2id(OraclePhc({131072, 4}, "password", 16, 64, 64), "password"));
  EXPECT_TRUE(VerifyArgon2id(OraclePhc({8, 10}, "password", 1, 8, 16), "password"));
}

// Each is a right hash of the password.
TEST(Argon2idTest, WhatIsAboveTheBoundsMatchesNothing) {
  for (const std::string& phc :
       {OraclePhc({8, 11}, "password"), OraclePhc({131073, 1}, "password"),
        OraclePhc({52429, 10}, "password"), OraclePhc({136, 1}, "password", /*parallelism=*/17),
        OraclePhc({8, 1}, "password", 1, /*salt_size=*/65),
        OraclePhc({8, 1}, "password", 1, 16, /*hash_size=*/15),
        OraclePhc({8, 1}, "password", 1, 16, /*hash_size=*/65)}) {
    EXPECT_FALSE(VerifyArgon2id(phc, "password")) << phc;
  }
}

TEST(Argon2idTest, TheOraclesOfAnyFormVerify) {
  std::mt19937_64 random(RandomSeed());
  const auto between = [&random](std::size_t min, std::size_t max) {
    return min + random() % (max - min + 1);
  };
  for (int i = 0; i < 50; ++i) {
    const int parallelism = static_cast<int>(between(1, 16));
    const HashCost cost{static_cast<int>(between(8 * static_cast<std::size_t>(parallelism), 8192)),
                        static_cast<int>(between(1, 10))};
    std::string password;
    for (std::size_t left = between(0, 100); left > 0; --left) {
      password += static_cast<char>(random());
    }
    const std::string phc = OraclePhc(cost, password, parallelism, between(8, 64), between(16, 64));
    ASSERT_TRUE(VerifyArgon2id(phc, password)) << phc;
    ASSERT_FALSE(VerifyArgon2id(phc, password + "x")) << phc;
  }
}

TEST(Argon2idTest, OursAreOfTheirCostOnly) {
  const HashCost cost{7168, 5};
  EXPECT_TRUE(IsArgon2idPhcOf(cost, *Argon2idPhc(cost, "password")));
  EXPECT_FALSE(IsArgon2idPhcOf(cost, *Argon2idPhc({9216, 4}, "password")));
  EXPECT_TRUE(IsArgon2idPhcOf(cost, OraclePhc(cost, "password")));
  EXPECT_FALSE(IsArgon2idPhcOf(cost, OraclePhc(cost, "password", /*parallelism=*/2)));
  EXPECT_FALSE(IsArgon2idPhcOf(cost, OraclePhc(cost, "password", 1, /*salt_size=*/8)));
  EXPECT_FALSE(IsArgon2idPhcOf(cost, OraclePhc(cost, "password", 1, 16, /*hash_size=*/16)));
  EXPECT_FALSE(IsArgon2idPhcOf(cost, "password"));
}

TEST(Argon2idTest, ACostThatCannotBeHadIsNothing) {
  EXPECT_EQ(Argon2idPhc({.memory_kib = 8, .iterations = 0}, "password"), std::nullopt);
}

}  // namespace
}  // namespace provisioning
