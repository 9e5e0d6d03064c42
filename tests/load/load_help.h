// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

namespace CLI {
class App;
}

namespace provisioning {

// What --help prints, in lines of at most `columns`.
std::string LoadHelp(const CLI::App& app, std::size_t columns);

}  // namespace provisioning
