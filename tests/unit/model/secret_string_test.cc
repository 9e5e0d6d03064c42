// SPDX-License-Identifier: Apache-2.0
#include "service/model/secret_string.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>
#include <type_traits>
#include <utility>

namespace {

// What stood in the watched block when it was given back.
const void* watched = nullptr;
bool given_back = false;
char remains[16];

void GiveBack(void* block) {
  if (block != nullptr && block == watched) {
    given_back = true;
    std::memcpy(remains, block, sizeof(remains));
    watched = nullptr;
  }
  std::free(block);
}

}  // namespace

void* operator new[](std::size_t size) {
  if (void* block = std::malloc(size)) return block;
  throw std::bad_alloc();
}
void operator delete[](void* block) noexcept { GiveBack(block); }
void operator delete[](void* block, std::size_t) noexcept { GiveBack(block); }

namespace provisioning {
namespace {

constexpr std::string_view canary = "canary-secret-16";
static_assert(canary.size() == sizeof(remains));

static_assert(!std::is_copy_constructible_v<SecretString>);
static_assert(!std::is_copy_assignable_v<SecretString>);
static_assert(!std::is_convertible_v<SecretString, std::string_view>);
static_assert(!std::is_convertible_v<std::string_view, SecretString>);

class SecretStringTest : public testing::Test {
 protected:
  static void Watch(const SecretString& secret) {
    watched = secret.Reveal().data();
    given_back = false;
    std::memset(remains, 'x', sizeof(remains));
  }
  static void ExpectWiped() {
    EXPECT_TRUE(given_back);
    EXPECT_TRUE(std::ranges::all_of(remains, [](char c) { return c == 0; }));
  }
};

TEST_F(SecretStringTest, HoldsItsBytes) {
  const SecretString secret(canary);
  EXPECT_EQ(secret.Reveal(), canary);
  EXPECT_EQ(secret.size(), canary.size());
  EXPECT_FALSE(secret.empty());
  EXPECT_EQ(SecretString(std::string_view("a\0b", 3)).Reveal(), std::string_view("a\0b", 3));
}

TEST_F(SecretStringTest, IsEmptyByDefault) {
  EXPECT_TRUE(SecretString().empty());
  EXPECT_EQ(SecretString().Reveal(), "");
  EXPECT_TRUE(SecretString(std::string_view()).empty());
}

TEST_F(SecretStringTest, WipesWhenItGoes) {
  {
    const SecretString secret(canary);
    Watch(secret);
  }
  ExpectWiped();
}

TEST_F(SecretStringTest, WipesWhatIsReplaced) {
  SecretString secret(canary);
  Watch(secret);
  secret = SecretString("another");
  ExpectWiped();
  EXPECT_EQ(secret.Reveal(), "another");
}

TEST_F(SecretStringTest, MovesWithoutACopy) {
  SecretString secret(canary);
  const char* const block = secret.Reveal().data();
  SecretString moved(std::move(secret));
  EXPECT_EQ(moved.Reveal().data(), block);
  EXPECT_TRUE(secret.empty());  // NOLINT(bugprone-use-after-move)
  secret = std::move(moved);
  EXPECT_EQ(secret.Reveal(), canary);
  EXPECT_TRUE(moved.empty());  // NOLINT(bugprone-use-after-move)
}

TEST_F(SecretStringTest, SurvivesBeingMovedToItself) {
  SecretString secret(canary);
  SecretString& same = secret;
  secret = std::move(same);
  EXPECT_EQ(secret.Reveal(), canary);
}

TEST_F(SecretStringTest, ClonesAreIndependent) {
  SecretString secret(canary);
  const SecretString clone = secret.Clone();
  secret = SecretString();
  EXPECT_EQ(clone.Reveal(), canary);
}

TEST_F(SecretStringTest, TakesFromAStringAndWipesIt) {
  std::string source(canary);
  source.reserve(64);
  const char* const block = source.data();
  const SecretString secret = SecretString::TakeFrom(source);
  EXPECT_EQ(secret.Reveal(), canary);
  EXPECT_TRUE(source.empty());
  EXPECT_TRUE(std::all_of(block, block + canary.size(), [](char c) { return c == 0; }));
}

TEST_F(SecretStringTest, WipesAnEarlierLongerValueToo) {
  std::string bytes(canary);
  bytes.reserve(64);
  bytes.resize(1);
  const char* const block = bytes.data();
  WipeString(bytes);
  EXPECT_TRUE(bytes.empty());
  EXPECT_TRUE(std::all_of(block, block + canary.size(), [](char c) { return c == 0; }));
}

}  // namespace
}  // namespace provisioning
