// SPDX-License-Identifier: Apache-2.0
#include "client/message.h"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <iostream>

namespace provisioning {
namespace {

bool NeedsNoQuotes(const std::string& argument) {
  return !argument.empty() && std::ranges::all_of(argument, [](unsigned char c) {
    return std::isalnum(c) != 0 ||
           std::string_view("-_./:@%+=,").find(static_cast<char>(c)) != std::string_view::npos;
  });
}

std::string ShellQuoted(const std::string& argument) {
  if (NeedsNoQuotes(argument)) return argument;
  std::string quoted = "'";
  for (const char c : argument) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  return quoted + "'";
}

ExitCode ExitCodeOfFailure(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kFailedPrecondition:
      return kExitUsage;
    case absl::StatusCode::kInternal:
      return kExitBrokenOff;
    default:
      return kExitFile;
  }
}

}  // namespace

void Say(const std::string& line) { std::fprintf(stderr, "%s\n", line.c_str()); }

int Fail(ExitCode code, const std::string& message) {
  Say("provision: " + message);
  return code;
}

int Fail(const absl::Status& status) {
  return Fail(ExitCodeOfFailure(status), std::string(status.message()));
}

int Fail(const RpcError& error, const std::string& server) {
  const ExitCode code = ExitCodeOf(error);
  if (error.code == grpc::StatusCode::UNIMPLEMENTED) {
    return Fail(code, server + " is no client-provisioning server, or an older one");
  }
  if (code == kExitUnreachable) {
    return Fail(code, "cannot reach " + server + ": " + DescribeRpcError(error));
  }
  if (code == kExitNotAllowed) return Fail(code, "not allowed: " + DescribeRpcError(error));
  return Fail(code, DescribeRpcError(error));
}

std::string ShellCommand(const std::vector<std::string>& arguments) {
  std::string command;
  for (const std::string& argument : arguments) {
    if (!command.empty()) command += ' ';
    command += ShellQuoted(argument);
  }
  return command;
}

bool PersonIsThere() { return isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1; }

bool Ask(const std::string& question) {
  std::fprintf(stderr, "%s [y/N] ", question.c_str());
  std::string answer;
  if (!std::getline(std::cin, answer)) {
    Say("");
    return false;
  }
  return answer == "y" || answer == "Y" || answer == "yes";
}

}  // namespace provisioning
