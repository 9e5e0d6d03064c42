// SPDX-License-Identifier: Apache-2.0
#include "client/import_run.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

#include "absl/time/clock.h"
#include "client/import_summary.h"
#include "client/message.h"
#include "client/pinned_options.h"
#include "client/report/json_text.h"
#include "client/report/rejects_file.h"
#include "client/report/summary.h"
#include "client/report/validation_report.h"
#include "client/stdout_end.h"
#include "client/terminal/duration_text.h"
#include "client/terminal/progress.h"
#include "client/validation_summary.h"
#include "provisioning/v1/client_account_service.grpc.pb.h"

namespace provisioning {
namespace {

constexpr std::size_t password_ranges_max = 20;

bool Exists(const std::string& path) { return access(path.c_str(), F_OK) == 0; }

// Lines that may be wanted later, in an unlinked temporary file.
class Spool {
 public:
  Spool() : file_(std::tmpfile()) {}
  ~Spool() {
    if (file_ != nullptr) std::fclose(file_);
  }
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  std::FILE* file() const { return file_; }
  // False: not all of it was written, or can be read again.
  bool CopyTo(std::FILE* out) {
    if (std::fflush(file_) != 0 || std::ferror(file_) != 0) return false;
    std::rewind(file_);
    char buffer[4096];
    for (std::size_t n; (n = std::fread(buffer, 1, sizeof(buffer), file_)) > 0;) {
      std::fwrite(buffer, 1, n, out);
    }
    return std::ferror(file_) == 0;
  }

 private:
  std::FILE* const file_;
};

}  // namespace

int ImportRun::Run() {
  if (const Stop stop = OpenSource()) return *stop;
  if (const Stop stop = CheckOutputFiles()) return *stop;
  problems_ = std::make_unique<ProblemsFile>(settings_.problems_path, source_->dialect());
  if (settings_.resume) {
    if (const Stop stop = OpenResults()) return *stop;
    if (const Stop stop = CheckEarlierStart()) return *stop;
    return ImportRows();
  }
  if (const Stop stop = CheckEarlierStart()) return *stop;
  if (const Stop stop = ValidateRows()) return *stop;
  if (const Stop stop = OpenResults()) return *stop;
  return ImportRows();
}

ImportRun::Stop ImportRun::OpenSource() {
  auto source = SourceFile::Open(settings_.file, settings_.password_need(), settings_.dialect);
  if (!source.ok()) return Fail(source.status());
  source_ = *std::move(source);
  if (const std::string found = source_->Findings(); !found.empty()) Say(found);
  auto sha256 = source_->Sha256();
  if (!sha256.ok()) return Fail(sha256.status());
  source_sha256_ = *std::move(sha256);
  SourceRow row;
  const auto any = source_->rows().Next(row);
  if (!any.ok()) return Fail(any.status());
  if (*any) return std::nullopt;
  Say(source_->name() + " has a header and no rows: there is nothing to import.");
  return kExitAccepted;
}

ImportRun::Stop ImportRun::CheckOutputFiles() {
  if (settings_.resume) {
    if (Exists(settings_.results_path)) return std::nullopt;
    return Fail(kExitUsage, settings_.results_path +
                                ": --resume goes on with the results of the first run, and there "
                                "is no such file. Say where it is with --results. If it is lost, "
                                "leave --resume out: every row is answered again, but passwords "
                                "that the service made are not repeated. `provision clients "
                                "reissue --import` makes new ones.");
  }
  const std::pair<const std::string&, const char*> files[] = {
      {settings_.results_path, "--results"}, {settings_.rejects_path, "--rejects"}};
  for (const auto& [path, flag] : files) {
    if (!Exists(path)) continue;
    return Fail(kExitUsage, path +
                                " exists already and is not overwritten. Move it away, or name "
                                "another file with " +
                                flag + ".");
  }
  // Better now than behind a long check.
  for (const auto& [path, flag] : files) {
    const std::string folder = std::filesystem::path(path).parent_path().string();
    if (access(folder.empty() ? "." : folder.c_str(), W_OK | X_OK) == 0) continue;
    return Fail(kExitFile, path + ": " + strerror(errno) + ". Nothing was imported. Name another " +
                               "place with " + flag + ".");
  }
  const absl::Status removed =
      ProblemsFile::RemoveEarlier(settings_.problems_path, source_->dialect());
  if (!removed.ok()) return Fail(removed);
  return std::nullopt;
}

ImportRun::Stop ImportRun::CheckEarlierStart() {
  if (!settings_.import_id_given) return std::nullopt;
  const QuitAtOnce quit("\nStopped. Nothing was sent.\n");
  const AskedImport asked = AskForImport(settings_);
  if (asked.error.code == grpc::StatusCode::NOT_FOUND) return CheckUnknownImport();
  // Who may import may not have the right to look, and a server that is away is
  // waited for later; then the import itself will tell.
  if (!asked.error.ok()) return std::nullopt;
  if (IsReverted(asked.import)) return FailReverted(settings_);
  const auto differing = DifferingOptions(asked.import, settings_, source_sha256_);
  if (differing.empty()) return std::nullopt;
  return FailOptionsDiffer(settings_, differing);
}

// The server has never heard of the import. With results of it at hand, that is
// a server or an organization that is not the one, or a store that has lost it;
// to take the first for the second would throw good passwords away.
ImportRun::Stop ImportRun::CheckUnknownImport() {
  if (!settings_.resume || settings_.yes) return std::nullopt;
  const std::int64_t answered =
      results_->counts().total() - results_->counts()[RowOutcome::kRejected];
  if (answered == 0) return std::nullopt;
  return Fail(kExitUsage,
              settings_.connection.server() + " knows no import " + settings_.import_id +
                  " of the organization \"" + settings_.organization + "\", but " +
                  settings_.results_path + " has the results of " + Rows(answered) +
                  " of it. Are --server and --organization those of the first run? If they are, "
                  "the server's store has been set back to a time before the import: then say "
                  "--yes, and all rows are sent again and those results are void.");
}

ImportRun::Stop ImportRun::ValidateRows() {
  Spool json;
  if (settings_.json && json.file() == nullptr) {
    return Fail(kExitFile, "no temporary file can be made");
  }
  Progress progress("Checking", source_->bytes().size(), stderr, ProgressStyleOfStderr());
  ValidationReport report(*problems_, settings_.json ? json.file() : nullptr, &progress);
  ServerPassOptions options;
  options.start = settings_.Start();
  options.start.set_validate_only(true);
  const ServerPassEnd pass =
      RunServerPass(settings_, options, *source_, report, progress, interrupt_);
  if (pass.end.kind != ImportEnd::Kind::kComplete) return SayPassEnd(pass, settings_, "");
  const bool stops = report.counts()[RowOutcome::kRejected] > 0 && !settings_.skip_rejected;
  if (stops) {
    if (absl::Status status = problems_->Sync(); !status.ok()) return Fail(status);
    if (settings_.json) {
      if (!json.CopyTo(stdout)) return Fail(kExitFile, "no room for a temporary file");
      v1::ImportSummary summary = pass.end.summary;
      // Rows that the reader rejected, and those of earlier streams, included.
      *summary.mutable_rows() = ToWire(report.counts());
      std::printf("%s\n", JsonLine(summary).c_str());
      if (const auto end = StdoutEnd()) return *end;
    }
    if (CurrentTalk() == Talk::kQuiet) {
      SayAnyway(Rows(report.counts()[RowOutcome::kRejected]) + " rejected; nothing was imported. " +
                problems_->path() + " says why.");
    }
    SayValidation(report, *problems_, source_->name());
    if (const std::string hint = source_->EncodingHint(); !hint.empty()) Say(hint);
    Say("Nothing was imported.");
    SayAfterValidation(report, settings_);
    return kExitSomeRefused;
  }
  if (interrupt_.requested()) {
    SayAnyway("Stopped. Nothing was imported.");
    return kExitInterrupted;
  }
  // The import says the same again, and what came up meanwhile.
  if (absl::Status status = problems_->Discard(); !status.ok()) return Fail(status);
  Say("Checked " + Rows(report.counts().total()) + ":");
  Say(OutcomeLines(report.counts(), true));
  SayDuplicatesUnchecked(report, pass.end.summary.duplicates_checked_through_row());
  SayHashingTime(report, settings_, pass.limits.hashes_per_second());
  return AskBeforeFirstImport(report.counts().total());
}

ImportRun::Stop ImportRun::AskBeforeFirstImport(std::int64_t rows) {
  if (settings_.yes || !(PersonIsThere() || NoInput())) return std::nullopt;
  const auto stub = v1::ClientAccountService::NewStub(settings_.connection.NewChannel());
  grpc::ClientContext context;
  SetUnaryDeadline(context);
  v1::ListClientsRequest request;
  request.set_organization_id(settings_.organization);
  request.set_page_size(1);
  v1::ListClientsResponse response;
  // Who may import may not have the right to look; then there is no way to know.
  if (!stub->ListClients(&context, request, &response).ok()) return std::nullopt;
  if (!response.clients().empty()) return std::nullopt;
  if (NoInput()) {
    return Fail(kExitUsage,
                "the organization \"" + settings_.organization +
                    "\" has no clients yet, and --no-input rules out asking. Nothing was "
                    "imported. If the name is right, give --yes.");
  }
  const QuitAtOnce quit("\nStopped. Nothing was imported.\n");
  if (Ask("The organization \"" + settings_.organization + "\" has no clients yet. Import " +
          Rows(rows) + " into it?")) {
    return std::nullopt;
  }
  Say("Nothing was imported.");
  return kExitSomeRefused;
}

ImportRun::Stop ImportRun::OpenResults() {
  const std::string& path = settings_.results_path;
  auto results = settings_.resume ? ResultsFile::Reopen(path, source_->dialect())
                                  : ResultsFile::Create(path, source_->dialect());
  if (absl::IsInvalidArgument(results.status())) {
    return Fail(kExitUsage, std::string(results.status().message()) +
                                ". Name the results of the first run with --results.");
  }
  if (!results.ok() && !settings_.resume) Say("Nothing was imported.");
  if (!results.ok()) return Fail(results.status());
  results_ = *std::move(results);
  if (!settings_.resume) return std::nullopt;
  const absl::Status status = problems_->DropAfter(results_->last_row_number());
  if (!status.ok()) return Fail(status);
  Say("Going on after row " + CountText(results_->last_row_number()) + ".");
  return std::nullopt;
}

void ImportRun::SayHowToResume() const {
  Say("Import " + settings_.import_id + "\nShould it break off, this goes on with it" +
      GivenAgain(settings_) + ":\n  " + settings_.ResumeCommand());
}

void ImportRun::SettledBefore(std::int64_t row_number) {
  report_->SettledBefore(row_number);
  const std::int64_t last = results_->last_row_number();
  if (row_number <= last) return;
  if (!settings_.resume) {
    Say("This import has been under way before, through row " + CountText(row_number) +
        ". Nothing is done twice, and passwords that the service made before are not repeated.");
    return;
  }
  const std::string rows = last + 1 == row_number
                               ? "row " + CountText(row_number)
                               : "rows " + CountText(last + 1) + " to " + CountText(row_number);
  SayAnyway(
      "The server had settled " + rows + " already, and " + results_->path() +
      " does not have the results; they are asked for again." +
      (settings_.generate_passwords
           ? " Passwords that the service made for these rows are made anew: those in any other "
             "copy of the results are void from now on. Use this file only."
           : ""));
}

int ImportRun::ImportRows() {
  begin_ = absl::Now();
  SayHowToResume();
  Progress progress("Importing", source_->bytes().size(), stderr, ProgressStyleOfStderr());
  progress.StartFrom(results_->counts());
  report_ = std::make_unique<ImportReport>(*results_, *problems_, settings_.json ? stdout : nullptr,
                                           progress);
  ServerPassOptions options;
  options.start = settings_.Start();
  options.start.set_import_id(settings_.import_id);
  options.start.set_source_sha256(source_sha256_);
  options.holds_all_answers = settings_.resume || !settings_.import_id_given;
  options.go_on_after_row = results_->last_row_number();
  options.on_settled_before = [&](std::int64_t row_number) {
    progress.Clear();
    SettledBefore(row_number);
  };
  options.on_store_behind = [this](std::int64_t row_number) { return ForgetAfter(row_number); };
  const LastWords words("\nStopped at once. " + ToGoOn(settings_, settings_.ResumeCommand()) +
                        "\n");
  return Finish(RunServerPass(settings_, options, *source_, *report_, progress, interrupt_));
}

absl::StatusOr<std::int64_t> ImportRun::ForgetAfter(std::int64_t row_number) {
  const auto sure = results_->SureThrough(row_number);
  if (!sure.ok()) return sure.status();
  const auto dropped = results_->DropAfter(*sure);
  if (!dropped.ok()) return dropped.status();
  if (absl::Status status = problems_->DropAfter(*sure); !status.ok()) return status;
  report_->StartAgain();
  Say("The server's store has gone back in time (was it restored from a backup?): it knows this "
      "import only through row " +
      std::to_string(row_number) + ". " + Rows(dropped->rows) +
      " of the results file are void and are sent again.");
  if (!dropped->passwords.empty()) {
    SayAnyway("Passwords that were generated for these rows are DEAD, do not hand them out: " +
              dropped->passwords.ToString(password_ranges_max));
  }
  return *sure;
}

int ImportRun::Finish(const ServerPassEnd& pass) {
  absl::Status status = problems_->Sync();
  if (absl::Status synced = results_->Sync(); status.ok()) status = synced;
  if (pass.end.kind != ImportEnd::Kind::kComplete) {
    if (!status.ok() && pass.end.kind != ImportEnd::Kind::kFailed) Fail(status);
    return SayEnd(pass);
  }
  if (!status.ok()) return FailWithCommand(status);
  const auto rejects = WriteRejectsFile(settings_.rejects_path, settings_.resume, source_->bytes(),
                                        source_->rows(), *results_);
  if (settings_.json) {
    v1::ImportSummary summary = pass.end.summary;
    *summary.mutable_rows() = ToWire(results_->counts());
    std::printf("%s\n", JsonLine(summary).c_str());
    if (absl::Status flushed = FlushJson(stdout); status.ok()) status = flushed;
  }
  SayImportSummary({settings_, pass.end.summary, *results_, *problems_,
                    rejects.ok() ? *rejects : RejectsWritten(), report_->answered_before(),
                    report_->examples(), absl::Now() - begin_,
                    source_->rows().columns().has(Column::kPasswordHash)});
  if (absl::IsAlreadyExists(rejects.status())) return Fail(rejects.status());
  if (!rejects.ok()) return FailWithCommand(rejects.status());
  if (!status.ok()) return FailWithCommand(status);
  return AnyRefused(results_->counts()) ? kExitSomeRefused : kExitAccepted;
}

int ImportRun::SayEnd(const ServerPassEnd& pass) {
  const bool refused = pass.end.kind == ImportEnd::Kind::kRefused;
  // Nothing has begun: a file without results would only be in the way.
  const bool nothing_begun = refused && !pass.started && !settings_.resume;
  if (nothing_begun) unlink(results_->path().c_str());
  return SayPassEnd(pass, settings_, settings_.ResumeCommand());
}

// What was to be done is done, but for what the command will do again.
int ImportRun::FailWithCommand(const absl::Status& status) {
  Fail(status);
  Say(ToGoOn(settings_, settings_.ResumeCommand()));
  return kExitBrokenOff;
}

}  // namespace provisioning
