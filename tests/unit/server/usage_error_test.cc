// SPDX-License-Identifier: Apache-2.0
#include "service/server/usage_error.h"

#include <CLI/CLI.hpp>
#include <string>

#include "gtest/gtest.h"

namespace provisioning {
namespace {

// The line about `provisiond ARGUMENTS`, which has a command serve with --listen.
std::string LineOf(const std::string& arguments) {
  CLI::App app;
  app.require_subcommand(1);
  std::string listen;
  app.add_subcommand("serve")->add_option("--listen", listen)->required();
  try {
    app.parse(arguments);
  } catch (const CLI::ParseError& error) {
    return UsageErrorLine(app, error);
  }
  return "";
}

TEST(UsageErrorTest, NamesTheCommandAndWhereToReadMore) {
  EXPECT_EQ(LineOf("serve"), "provisiond serve: --listen is required; see provisiond serve --help");
  EXPECT_EQ(LineOf(""), "provisiond: A subcommand is required; see provisiond --help");
  EXPECT_EQ(LineOf("serve --listen a"), "");
}

TEST(UsageErrorTest, IsOneLine) {
  EXPECT_EQ(LineOf("serve --listen a \"b\nc\"").find('\n'), std::string::npos);
}

}  // namespace
}  // namespace provisioning
