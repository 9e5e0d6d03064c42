// SPDX-License-Identifier: Apache-2.0
#include "service/model/organization_id.h"

#include <gtest/gtest.h>

#include <string>

namespace provisioning {
namespace {

TEST(OrganizationIdTest, TakesTheForm) {
  for (const std::string& text :
       {std::string("a"), std::string("0"), std::string("clinic-1.north_b"), std::string(64, 'a'),
        std::string("a..--__")}) {
    const auto id = OrganizationId::Parse(text);
    ASSERT_TRUE(id.has_value()) << text;
    EXPECT_EQ(id->value(), text);
  }
}

TEST(OrganizationIdTest, TakesNothingElse) {
  for (const std::string& text :
       {std::string(), std::string(65, 'a'), std::string(".a"), std::string("_a"),
        std::string("-a"), std::string("Clinic"), std::string("a b"), std::string("a/b"),
        std::string("a\n"), std::string("a\0b", 3), std::string("klinik-\u00fc"),
        std::string("a'--")}) {
    EXPECT_FALSE(OrganizationId::Parse(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace provisioning
