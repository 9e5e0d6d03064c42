// SPDX-License-Identifier: Apache-2.0
#include "service/store/postgres/outage.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace provisioning {
namespace {

using testing::ElementsAre;

class OutageTest : public testing::Test {
 protected:
  Outage::Time now_;
  std::vector<std::string> told_;
  Outage outage_{[this](const absl::Status& status) {
                   told_.push_back(status.ok() ? "back" : std::string(status.message()));
                 },
                 [this] { return now_; }};
  const absl::Status gone_ = absl::UnavailableError("gone");
};

TEST_F(OutageTest, NothingIsAwayAtFirst) {
  EXPECT_TRUE(outage_.Check().ok());
  EXPECT_FALSE(outage_.away());
  outage_.End();
  EXPECT_TRUE(told_.empty());
}

TEST_F(OutageTest, OneTriesNowAndThen) {
  outage_.Begin(gone_);
  EXPECT_EQ(outage_.Check(), gone_);
  now_ += std::chrono::milliseconds(499);
  EXPECT_EQ(outage_.Check(), gone_);
  now_ += std::chrono::milliseconds(1);
  EXPECT_TRUE(outage_.Check().ok()) << "nobody tries";
  EXPECT_TRUE(outage_.away()) << "it has not answered yet";
  EXPECT_EQ(outage_.Check(), gone_) << "two try";
}

TEST_F(OutageTest, ItsBeginningAndItsEndAreToldOnce) {
  outage_.Begin(gone_);
  outage_.Begin(absl::UnavailableError("gone still"));
  outage_.End();
  outage_.End();
  EXPECT_TRUE(outage_.Check().ok());
  outage_.Begin(gone_);
  EXPECT_THAT(told_, ElementsAre("gone", "back", "gone"));
}

}  // namespace
}  // namespace provisioning
