// SPDX-License-Identifier: Apache-2.0
// The published schema says what the parser does: the same keys, verbs and numbers.
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/trust/policy.h"
#include "service/trust/policy_parser.h"

namespace provisioning {
namespace {

using nlohmann::json;
using testing::ElementsAreArray;

class PolicySchemaTest : public testing::Test {
 protected:
  const json schema_ = json::parse(std::ifstream(POLICY_SCHEMA));
  const json rights_ = schema_["$defs"]["rights"];
};

TEST_F(PolicySchemaTest, Verbs) {
  std::vector<std::string> verbs;
  for (int i = 0; i < verb_count; ++i) verbs.emplace_back(VerbName(static_cast<Verb>(i)));
  const auto listed = rights_["properties"]["verbs"]["items"]["enum"];
  EXPECT_THAT(listed.get<std::vector<std::string>>(), ElementsAreArray(verbs));
  for (const std::string& verb : verbs) {
    EXPECT_NE(std::string(rights_["properties"]["verbs"]["description"]).find(verb + ":"),
              std::string::npos)
        << verb;
  }
}

TEST_F(PolicySchemaTest, Streams) {
  const json& streams = rights_["properties"]["streams_max"];
  EXPECT_EQ(streams["minimum"], 1);
  EXPECT_EQ(streams["maximum"], streams_max_most);
  EXPECT_EQ(streams["default"], streams_max_default);
}

TEST_F(PolicySchemaTest, NothingElse) {
  EXPECT_EQ(schema_["additionalProperties"], false);
  EXPECT_EQ(schema_["required"], json::array({"callers"}));
  EXPECT_EQ(rights_["additionalProperties"], false);
  EXPECT_EQ(rights_["required"], json::array({"organizations", "verbs"}));
  std::vector<std::string> keys;
  for (const auto& [key, value] : rights_["properties"].items()) keys.push_back(key);
  EXPECT_THAT(keys, testing::UnorderedElementsAre("organizations", "verbs", "streams_max"));
  // What it requires is enough, and all of its keys are taken.
  EXPECT_TRUE(ParsePolicy(R"({"$schema": "x", "callers": {"a": {"organizations": "*",
      "verbs": ["read"], "streams_max": 1}}})")
                  .ok());
}

}  // namespace
}  // namespace provisioning
