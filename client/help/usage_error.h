// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace provisioning {

// The command that was named last on a command line that `root` has parsed, as
// far as it could.
const CLI::App& NamedCommand(const CLI::App& root);

// What is wrong with a command line, and what was probably meant; for SayError.
std::string UsageErrorText(const CLI::App& root, const CLI::ParseError& error);

// The one of `words` that `word` is probably a misspelling of; empty: none.
std::string ClosestWord(std::string_view word, const std::vector<std::string>& words);

}  // namespace provisioning
