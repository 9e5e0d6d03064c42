// SPDX-License-Identifier: Apache-2.0
#include "client/validate_command.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "client/import_settings.h"
#include "client/message.h"
#include "client/report/json_text.h"
#include "client/report/summary.h"
#include "client/report/validation_report.h"
#include "client/server_pass.h"
#include "client/session/row_wire.h"
#include "client/source_file.h"
#include "client/stdout_end.h"
#include "client/validation_summary.h"

namespace provisioning {
namespace {

absl::Status CheckOffline(SourceFile& source, PasswordNeed need, RowSink& sink, Progress& progress,
                          const Interrupt& interrupt) {
  SourceRow row;
  while (!interrupt.requested()) {
    const auto more = source.rows().Next(row);
    if (!more.ok()) return more.status();
    if (!*more) break;
    v1::RowResult result;
    if (row.problems.empty()) {
      result = OfflineResult(source.rules().Check(std::move(row.row), need));
    } else {
      result = LocalResult(row);
    }
    if (absl::Status status = sink.OnResult(result, row); !status.ok()) return status;
    progress.Tick(row.end);
  }
  return absl::OkStatus();
}

// The check alone: an exit code if it could not be carried through.
std::optional<int> Check(const ImportSettings& settings, SourceFile& source,
                         ValidationReport& report, Progress& progress, const Interrupt& interrupt) {
  if (settings.organization.empty()) {
    const absl::Status status =
        CheckOffline(source, settings.password_need(), report, progress, interrupt);
    if (!status.ok()) return Fail(status);
    if (!interrupt.requested()) return std::nullopt;
    Say("Stopped.");
    return kExitInterrupted;
  }
  ServerPassOptions options;
  options.start = settings.Start();
  options.start.set_validate_only(true);
  const ServerPassEnd pass = RunServerPass(settings, options, source, report, progress, interrupt);
  if (pass.end.kind == ImportEnd::Kind::kComplete) return std::nullopt;
  return SayPassEnd(pass, settings, "");
}

int RunValidateCommand(ImportSettings& settings) {
  absl::Status status = settings.CheckShared();
  if (status.ok() && !settings.organization.empty()) status = settings.connection.Prepare();
  if (!status.ok()) return Fail(status);
  const Interrupt& interrupt = InstallInterruptHandlers();
  const auto source = SourceFile::Open(settings.file, settings.password_need(), settings.dialect);
  if (!source.ok()) return Fail(source.status());
  if (const std::string found = (*source)->Findings(); !found.empty()) Say(found);
  status = ProblemsFile::RemoveEarlier(settings.problems_path, (*source)->dialect());
  if (!status.ok()) return Fail(status);
  ProblemsFile problems(settings.problems_path, (*source)->dialect());
  Progress progress("Checking", (*source)->bytes().size(), stderr, ProgressStyleOfStderr());
  ValidationReport report(problems, settings.json ? stdout : nullptr, &progress);
  const auto failed = Check(settings, **source, report, progress, interrupt);
  progress.Clear();
  status = problems.Sync();
  if (failed) return *failed;
  if (!status.ok()) return Fail(status);
  if (settings.json) {
    v1::ImportSummary summary;
    *summary.mutable_rows() = ToWire(report.counts());
    std::printf("%s\n", JsonLine(summary).c_str());
    if (const auto end = StdoutEnd()) return *end;
  }
  SayValidation(report, problems, (*source)->name());
  SayAfterValidation(report, settings);
  if (const std::string hint = (*source)->EncodingHint(); !hint.empty()) Say(hint);
  return AnyRefused(report.counts()) ? kExitSomeRefused : kExitAccepted;
}

}  // namespace

void AddValidateCommand(CLI::App& app, Command& chosen) {
  CLI::App* command = app.add_subcommand(
      "validate",
      "Check a CSV file: by the rules alone, or with --organization against the server's clients");
  const auto settings = std::make_shared<ImportSettings>();
  settings->AddSharedFlags(*command);
  command->callback(
      [settings, &chosen] { chosen = [settings] { return RunValidateCommand(*settings); }; });
}

}  // namespace provisioning
