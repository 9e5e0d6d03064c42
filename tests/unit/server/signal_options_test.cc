// SPDX-License-Identifier: Apache-2.0
#include "service/server/signal_options.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace provisioning {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(SignalOptionsTest, ListenersMayBeAnywhere) {
  for (const char* listen : {"", "127.0.0.1:0", "0.0.0.0:9090", "[::]:65535", "[::1]:0"}) {
    SignalOptions options;
    options.health_listen = listen;
    options.metrics_listen = listen;
    EXPECT_THAT(FindSignalProblems(options), IsEmpty()) << listen;
  }
}

TEST(SignalOptionsTest, RefusalsNameTheFlag) {
  for (const char* listen : {"9090", ":9090", "localhost:9090", "127.0.0.1", "127.0.0.1:",
                             "127.0.0.1:-1", "127.0.0.1:65536", "127.0.0.1:http", "::1:9090",
                             "[127.0.0.1]:9090", "127.0.0.1:9090,10.0.0.1:9090", "[]:1"}) {
    SignalOptions options;
    options.metrics_listen = listen;
    EXPECT_THAT(FindSignalProblems(options), ElementsAre(HasSubstr("--metrics-listen"))) << listen;
    options = {.health_listen = listen};
    EXPECT_THAT(FindSignalProblems(options), ElementsAre(HasSubstr("--health-listen"))) << listen;
    options.metrics_listen = listen;
    EXPECT_EQ(FindSignalProblems(options).size(), 2U) << listen;
  }
}

}  // namespace
}  // namespace provisioning
