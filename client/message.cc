// SPDX-License-Identifier: Apache-2.0
#include "client/message.h"

#include <errno.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <string_view>

#include "absl/time/clock.h"
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

struct ReasonWords {
  std::string_view reason;
  std::string_view words;
};
// Where the server's own words do not say what to do here.
constexpr ReasonWords reason_words[] = {
    {"CLIENT_NOT_FOUND",
     "the organization has no such client. `provision clients list` shows who is there."},
    {"IMPORT_NOT_FOUND",
     "the organization has no such import. `provision imports list` shows all of them."},
    {"IMPORT_REVERTED",
     "this import was undone, or is being undone, and takes no rows any more. Leave --import-id "
     "out to import the file anew."},
    {"CLIENT_ACTIVE",
     "the client has a password of their own. --reset-active takes it away, and gives a temporary "
     "one in its place."},
    {"PASSWORD_REPLACED", "somebody has given the client another temporary password meanwhile"},
    {"TOO_MANY_FAILURES", "too many wrong passwords for this address: nothing was checked."},
};

std::string WordsOf(const RpcError& error) {
  const auto* found = std::ranges::find(reason_words, error.reason, &ReasonWords::reason);
  std::string words =
      found == std::end(reason_words) ? DescribeRpcError(error) : std::string(found->words);
  if (error.reason == "TOO_MANY_FAILURES") words += " " + TryAgainText(error.retry_delay);
  return words;
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
  if (absl::IsCancelled(status)) {
    SayAnyway(std::string(status.message()));
    return kExitInterrupted;
  }
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
  return Fail(code, WordsOf(error));
}

int FailNoClient(const std::string& organization, const std::string& which) {
  return Fail(kExitSomeRefused, "the organization \"" + organization + "\" has no client " + which);
}

int FailNoImport(const std::string& organization, const std::string& import_id) {
  return Fail(kExitSomeRefused,
              "the organization \"" + organization + "\" has no import " + import_id);
}

std::string TryAgainText(absl::Duration delay) {
  const absl::Duration wait = absl::Ceil(std::max(delay, absl::Seconds(1)), absl::Seconds(1));
  return "Try again in " + DurationText(wait) + ", at " +
         absl::FormatTime("%H:%M:%S UTC", absl::Now() + wait, absl::UTCTimeZone()) + ".";
}

std::string ProgramName() {
  const std::string typed = program_invocation_name;
  return typed.find('/') == std::string::npos ? "provision" : typed;
}

std::string PathArgument(const std::string& path) {
  return path.size() > 1 && path.front() == '-' ? "./" + path : path;
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
