// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "service/rules/row_rules.h"

namespace provisioning {
namespace {

TEST(StoredEmailAddressTest, FindsTheStoredForm) {
  EXPECT_EQ(StoredEmailAddress("anna@example.com"), "anna@example.com");
  EXPECT_EQ(StoredEmailAddress(" Anna@EXAMPLE.com\n"), "anna@example.com");
  EXPECT_EQ(StoredEmailAddress("anna@M\u00fcller.example"), "anna@xn--mller-kva.example");
  EXPECT_EQ(StoredEmailAddress("anna@MU\u0308LLER.example"), "anna@xn--mller-kva.example");
  EXPECT_EQ(StoredEmailAddress("anna@XN--MLLER-KVA.example"), "anna@xn--mller-kva.example");
}

TEST(StoredEmailAddressTest, KnowsWhatNoClientCanHave) {
  for (const std::string& typed :
       {std::string(), std::string("anna"), std::string("anna@b@c.example"),
        std::string("anna@localhost"), std::string("\xff@example.com"),
        std::string("a\0@example.com", 14), std::string(65, 'a') + "@example.com",
        std::string(1 << 20, 'a'), "a@" + std::string(300, 'b') + ".example"}) {
    EXPECT_EQ(StoredEmailAddress(typed), std::nullopt) << typed.substr(0, 40);
  }
}

}  // namespace
}  // namespace provisioning
