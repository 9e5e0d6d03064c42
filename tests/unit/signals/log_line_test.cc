// SPDX-License-Identifier: Apache-2.0
#include "service/signals/log_line.h"

#include <memory>
#include <sstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "spdlog/sinks/ostream_sink.h"
#include "spdlog/spdlog.h"

namespace provisioning {
namespace {

using nlohmann::json;
using testing::EndsWith;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

// What no line may have: it would end the line, or drive a terminal.
constexpr char hostile[] =
    "a\nb\r\x1b[31m\x7f\t\x01 \xc2\x9b \xe2\x80\xa8 \xff\xc3 \"q\" \\ \xc3\xa9";

class LogLineTest : public testing::Test {
 protected:
  LogLineTest() : before_(spdlog::default_logger()) {}
  ~LogLineTest() override { spdlog::set_default_logger(before_); }

  void SetFormat(LogFormat format) {
    auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(output_);
    sink->set_formatter(MakeLogFormatter(format));
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("test", sink));
  }
  std::string Output() { return output_.str(); }

 private:
  std::ostringstream output_;
  const std::shared_ptr<spdlog::logger> before_;
};

void ExpectOneCleanLine(const std::string& line) {
  EXPECT_THAT(line, EndsWith("\n"));
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    const auto byte = static_cast<unsigned char>(line[i]);
    EXPECT_TRUE(byte >= 0x20 && byte != 0x7f) << "at " << i << " of " << line;
  }
  for (const char* sequence : {"\xc2\x9b", "\xe2\x80\xa8", "\xff"}) {
    EXPECT_THAT(line, Not(HasSubstr(sequence)));
  }
}

TEST_F(LogLineTest, JsonHasTimeLevelMessageAndFields) {
  SetFormat(LogFormat::kJson);
  Log(spdlog::level::warn, "it is so", {{"code", "OK"}, {"duration_seconds", 1.5}});
  const json line = json::parse(Output());
  EXPECT_THAT(line.at("time"), MatchesRegex("[0-9-]{10}T[0-9:]{8}\\.[0-9]{3}Z"));
  EXPECT_EQ(line.at("level"), "warning");
  EXPECT_EQ(line.at("message"), "it is so");
  EXPECT_EQ(line.at("code"), "OK");
  EXPECT_EQ(line.at("duration_seconds"), 1.5);
  EXPECT_EQ(line.size(), 5);
}

TEST_F(LogLineTest, JsonKeepsWhatCanBeReadOfHostileBytes) {
  SetFormat(LogFormat::kJson);
  Log(spdlog::level::info, hostile, {{"error", hostile}});
  ExpectOneCleanLine(Output());
  const json line = json::parse(Output());
  const std::string expected =
      "a\nb\r\x1b[31m\x7f\t\x01 \xc2\x9b \xe2\x80\xa8 \xef\xbf\xbd\xef\xbf\xbd \"q\" \\ \xc3\xa9";
  EXPECT_EQ(line.at("message"), expected);
  EXPECT_EQ(line.at("error"), expected);
}

TEST_F(LogLineTest, TextEscapesWhatIsNoTextOfALine) {
  SetFormat(LogFormat::kText);
  Log(spdlog::level::info, hostile, {{"error", hostile}});
  ExpectOneCleanLine(Output());
  EXPECT_THAT(Output(), HasSubstr(" info a\\nb\\r\\x1b[31m\\x7f\\t\\x01 \\u{9b} \\u{2028} \\xff"));
  EXPECT_THAT(Output(), HasSubstr(" error=a\\nb"));
  EXPECT_THAT(Output(), HasSubstr("\"q\" \\\\ \xc3\xa9"));
}

// Those of the line before are not those of the next one.
TEST_F(LogLineTest, FieldsAreOfOneLine) {
  SetFormat(LogFormat::kText);
  Log(spdlog::level::info, "first", {{"code", "OK"}});
  spdlog::info("second");
  EXPECT_THAT(Output(), HasSubstr("first code=OK\n"));
  EXPECT_THAT(Output(), EndsWith(" second\n"));
}

TEST_F(LogLineTest, MessagesAreNoFormats) {
  SetFormat(LogFormat::kText);
  Log(spdlog::level::info, "{} {0} %s", {});
  EXPECT_THAT(Output(), HasSubstr("info {} {0} %s\n"));
}

}  // namespace
}  // namespace provisioning
