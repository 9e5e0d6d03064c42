// SPDX-License-Identifier: Apache-2.0
#include "client/message.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <string_view>

#include "client/connection.h"
#include "client/terminal/duration_text.h"
#include "client/terminal/text_columns.h"

namespace provisioning {
namespace {

bool NeedsNoQuotes(const std::string& argument) {
  return !argument.empty() && std::ranges::all_of(argument, [](unsigned char c) {
    return std::isalnum(c) != 0 ||
           std::string_view("-_./:@%+=,").find(static_cast<char>(c)) != std::string_view::npos;
  });
}

// $'...', which bash, zsh and ksh know: for bytes that no terminal can show.
std::string ByteQuoted(const std::string& argument) {
  std::string quoted = "$'";
  for (const char c : argument) {
    const auto byte = static_cast<unsigned char>(c);
    char text[8] = {c};
    if (byte < 0x20 || byte >= 0x7F || c == '\'' || c == '\\') {
      std::snprintf(text, sizeof(text), "\\%03o", byte);
    }
    quoted += text;
  }
  return quoted + "'";
}

std::string ShellQuoted(const std::string& argument) {
  if (NeedsNoQuotes(argument)) return argument;
  if (TerminalLine(argument) != argument) return ByteQuoted(argument);
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

int Fail(ExitCode code, const std::string& message) {
  SayError(message);
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
  if (error.code == grpc::StatusCode::DEADLINE_EXCEEDED) {
    return Fail(code, server + " gave no answer within " + DurationText(UnaryTimeout()) +
                          ". --timeout waits longer.");
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

}  // namespace provisioning
