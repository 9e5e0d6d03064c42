// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace provisioning {

// provision(1), for man: roff with the man macros.
std::string ManPage(const CLI::App& root, std::string_view version);

}  // namespace provisioning
