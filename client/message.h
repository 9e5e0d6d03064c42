// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "client/exit_code.h"
#include "client/terminal/say.h"

namespace provisioning {

// Says the error and returns `code`.
int Fail(ExitCode code, const std::string& message);
// The same for the failure of a file or of flags.
int Fail(const absl::Status& status);
// The same for a call to `server`.
int Fail(const RpcError& error, const std::string& server);

// A command line that a shell reads as these arguments, and that can be shown
// on a terminal whatever is in them.
std::string ShellCommand(const std::vector<std::string>& arguments);

}  // namespace provisioning
