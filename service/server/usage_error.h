// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace provisioning {

// The exit code of a command line that cannot be understood.
inline constexpr int usage_exit_code = 2;

// One line: the command that was meant, what is wrong, where to read more.
std::string UsageErrorLine(const CLI::App& root, const CLI::ParseError& error);

}  // namespace provisioning
