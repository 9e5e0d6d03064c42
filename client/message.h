// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "client/exit_code.h"

namespace provisioning {

// A line on stderr: what a person should know. Data goes to stdout.
void Say(const std::string& line);

// Says "provision: ..." and returns `code`.
int Fail(ExitCode code, const std::string& message);
// The same for the failure of a file or of flags.
int Fail(const absl::Status& status);
// The same for a call to `server`.
int Fail(const RpcError& error, const std::string& server);

// A command line that a shell reads as these arguments.
std::string ShellCommand(const std::vector<std::string>& arguments);

// A yes or no of the person at the terminal; nobody there: no.
bool PersonIsThere();
bool Ask(const std::string& question);

}  // namespace provisioning
