// SPDX-License-Identifier: Apache-2.0
// Scripts by which a shell completes the commands, flags, values and file names
// of `provision`.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace provisioning {

std::string BashCompletion(const CLI::App& root);
std::string ZshCompletion(const CLI::App& root);
std::string FishCompletion(const CLI::App& root);

}  // namespace provisioning
