// SPDX-License-Identifier: Apache-2.0
#include "client/global_flags.h"

#include <CLI/CLI.hpp>

#include "client/connection.h"
#include "client/terminal/duration_text.h"
#include "client/terminal/say.h"
#include "client/terminal/terminal.h"

namespace provisioning {
namespace {

constexpr char group[] = "Messages";

ColorChoice ColorChoiceOf(const std::string& word) {
  if (word == "always") return ColorChoice::kAlways;
  return word == "never" ? ColorChoice::kNever : ColorChoice::kAuto;
}

}  // namespace

void GlobalFlags::AddTo(CLI::App& app) {
  app.add_flag("-q,--quiet", quiet_, "Say nothing but errors")->group(group);
  app.add_flag("-v,--verbose", verbose_, "Say more: limits, session, connections, timing")
      ->group(group);
  app.add_flag("--no-input", no_input_, "Never ask; end with exit code 2 where a person is asked")
      ->group(group);
  app.add_option("--color", color_, "Use colours")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->capture_default_str()
      ->group(group);
}

void GlobalFlags::AddTimeoutTo(CLI::App& app) {
  app.add_option("--timeout", timeout_text_,
                 "How long to wait for an answer (health, clients, imports)")
      ->type_name("TIME")
      ->capture_default_str()
      ->group("Connection");
}

absl::Status GlobalFlags::Apply() const {
  ChooseColors(ColorChoiceOf(color_));
  if (quiet_ && verbose_) return absl::FailedPreconditionError("--quiet excludes --verbose");
  if (quiet_) SetTalk(Talk::kQuiet);
  if (verbose_) SetTalk(Talk::kVerbose);
  SetNoInput(no_input_);
  const auto timeout = ParseDuration(timeout_text_);
  if (!timeout || *timeout <= absl::ZeroDuration()) {
    return absl::FailedPreconditionError("--timeout: \"" + timeout_text_ +
                                         "\" is no duration; write for example 20s or 2m");
  }
  SetUnaryTimeout(*timeout);
  return absl::OkStatus();
}

}  // namespace provisioning
