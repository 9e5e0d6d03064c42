// SPDX-License-Identifier: Apache-2.0
#include "service/credential/fingerprint.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace provisioning {
namespace {

TEST(FingerprintTest, EqualTextsHaveEqualOnes) {
  const Fingerprint fingerprint;
  EXPECT_EQ(fingerprint.Of("a@x.example"), fingerprint.Of(std::string("a@x.example")));
  EXPECT_EQ(fingerprint.Of(""), fingerprint.Of({}));
}

TEST(FingerprintTest, DifferentTextsHaveDifferentOnes) {
  const Fingerprint fingerprint;
  std::set<absl::uint128> seen;
  for (int i = 0; i < 100'000; ++i) seen.insert(fingerprint.Of(std::to_string(i) + "@x.example"));
  EXPECT_EQ(seen.size(), 100'000U);
  EXPECT_NE(fingerprint.Of(std::string(1, '\0')), fingerprint.Of(""));
}

TEST(FingerprintTest, AnotherKeyGivesOthers) {
  EXPECT_NE(Fingerprint().Of("a@x.example"), Fingerprint().Of("a@x.example"));
}

}  // namespace
}  // namespace provisioning
