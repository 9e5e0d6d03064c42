// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

namespace CLI {
class App;
}

namespace provisioning {

// What --help prints of a command, in lines of at most `columns` (but for
// examples, which are to be pasted).
std::string HelpText(const CLI::App& app, std::size_t columns);

// Of that, the flags alone, by group.
std::string FlagsText(const CLI::App& app, std::size_t columns);

// What a command that needs another word prints without it.
std::string ShortHelpText(const CLI::App& app, std::size_t columns);

}  // namespace provisioning
