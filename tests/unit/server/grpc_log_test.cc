// SPDX-License-Identifier: Apache-2.0
#include "service/server/grpc_log.h"

#include <algorithm>
#include <memory>
#include <sstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/signals/log_line.h"
#include "spdlog/sinks/ostream_sink.h"
#include "spdlog/spdlog.h"

namespace provisioning {
namespace {

using testing::HasSubstr;

// The log of this process is a text meanwhile.
class GrpcLogTest : public testing::Test {
 protected:
  GrpcLogTest() : before_(spdlog::default_logger()) {
    auto logger = std::make_shared<spdlog::logger>(
        "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(text_));
    logger->set_formatter(MakeLogFormatter(LogFormat::kText));
    spdlog::set_default_logger(logger);
  }
  ~GrpcLogTest() override { spdlog::set_default_logger(before_); }

  std::string text() const { return text_.str(); }
  std::ptrdiff_t lines() const { return std::ranges::count(text_.str(), '\n'); }

 private:
  const std::shared_ptr<spdlog::logger> before_;
  std::ostringstream text_;
};

// All in one, for the pace is that of the process.
TEST_F(GrpcLogTest, MessagesAreShortEscapedAndFew) {
  LogOfGrpc(true, "./src/core/transport.cc", 7, "bad value 'a\nb\x1b[2J'");
  EXPECT_THAT(text(), HasSubstr("warning gRPC, transport.cc:7: bad value 'a\\nb\\x1b[2J'\n"));
  LogOfGrpc(true, "a.cc", 7, std::string(100'000, 'x'));
  EXPECT_LT(text().size(), 1000U);
  EXPECT_THAT(text(), HasSubstr("xxx...\n"));
  for (int i = 0; i < 1000; ++i) LogOfGrpc(false, "a.cc", 7, "again");
  EXPECT_LE(lines(), 20);
}

}  // namespace
}  // namespace provisioning
