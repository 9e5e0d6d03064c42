// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/time/time.h"

namespace provisioning {

// PostgreSQL's programs, from Debian's package. As they refuse to run as root,
// a test that is root runs them as the package's own user.

// The path of one of them, in the newest version that is installed; ends the
// test if there is none.
std::string PostgresProgram(const std::string& name);

// Gives a file or folder to the user that the programs run as.
void GiveToPostgres(const std::string& path);

struct ProgramStart {
  std::vector<std::string> command;  // A path, and its arguments.
  std::string folder;                // Works in it, and prints to `log` in it.
  int input = -1;                    // Its standard input; -1: empty.
  // Sent to it when the thread that started it ends, so also when this process
  // is killed. 0: nothing is sent.
  int signal_at_our_end = 0;
};

// Its process id; somebody has to wait for its end.
pid_t StartProgram(const ProgramStart& start);
// Runs it to its end; ends the test if it fails or takes longer.
void RunProgram(const std::vector<std::string>& command, const std::string& folder,
                absl::Duration timeout = absl::Seconds(120));

// Ends the test program with this and the end of the folder's log: nothing can
// be tested without a database.
[[noreturn]] void EndForLackOfPostgres(const std::string& why, const std::string& folder = "");

}  // namespace provisioning
