// SPDX-License-Identifier: Apache-2.0
// One pass of a file over the server: a validation or an import.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "client/import_settings.h"
#include "client/session/import_session.h"
#include "client/session/interrupt.h"
#include "client/source_file.h"
#include "client/terminal/progress.h"

namespace provisioning {

struct ServerPassOptions {
  v1::ImportStart start;
  bool holds_all_answers = true;
  std::int64_t go_on_after_row = 0;  // Rows up to it have their results.
  // Told once, before the first row is sent, what the server had settled by then.
  std::function<void(std::int64_t row_number)> on_settled_before;
  // As ImportObserver::OnStoreBehind.
  std::function<absl::StatusOr<std::int64_t>(std::int64_t row_number)> on_store_behind;
};

struct ServerPassEnd {
  ImportEnd end;
  v1::ImportLimits limits;  // Of the last `started`; empty: there was none.
  bool started = false;
  std::int64_t settled_through_row = 0;  // Of the last `started`.
};

// Sends the rows of `file` and gives the results to `sink`. Blocks.
ServerPassEnd RunServerPass(const ImportSettings& settings, const ServerPassOptions& options,
                            SourceFile& file, RowSink& sink, Progress& progress,
                            const Interrupt& interrupt);

// What a command that resumes needs beside itself, to stand behind "To go on":
// for a file nothing, for standard input its data.
std::string GivenAgain(const ImportSettings& settings);
// "To go on:" and the command, with what it is to be given.
std::string ToGoOn(const ImportSettings& settings, const std::string& resume_command);

// Says how a pass ended that did not complete, and returns the exit code.
// `resume_command`: empty for a validation, which leaves nothing behind.
int SayPassEnd(const ServerPassEnd& pass, const ImportSettings& settings,
               const std::string& resume_command);

}  // namespace provisioning
