// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "client/exit_code.h"
#include "client/terminal/say.h"

namespace provisioning {

// Says the error and returns `code`.
int Fail(ExitCode code, const std::string& message);
// The same for the failure of a file or of flags; CANCELLED: somebody has stopped
// it, which is no error.
int Fail(const absl::Status& status);
// The same for a call to `server`.
int Fail(const RpcError& error, const std::string& server);

// That the organization has no such client, or import.
int FailNoClient(const std::string& organization, const std::string& which);
int FailNoImport(const std::string& organization, const std::string& import_id);

// "Try again in 30 s, at 10:12:41 UTC."
std::string TryAgainText(absl::Duration delay);

// What to type to run this program again: what was typed this time, where a
// shell would not find it by its name.
std::string ProgramName();
// As an argument that is no flag.
std::string PathArgument(const std::string& path);
// A command line that a shell reads as these arguments, and that can be shown
// on a terminal whatever is in them.
std::string ShellCommand(const std::vector<std::string>& arguments);

}  // namespace provisioning
