// SPDX-License-Identifier: Apache-2.0
#include "client/import_run.h"

#include <unistd.h>

#include <cstdio>
#include <utility>

#include "absl/time/clock.h"
#include "client/import_summary.h"
#include "client/message.h"
#include "client/report/duration_text.h"
#include "client/report/import_report.h"
#include "client/report/json_text.h"
#include "client/report/progress.h"
#include "client/report/rejects_file.h"
#include "client/report/summary.h"
#include "client/report/validation_report.h"
#include "client/validation_summary.h"
#include "provisioning/v1/client_account_service.grpc.pb.h"

namespace provisioning {
namespace {

constexpr std::size_t password_ranges_max = 20;
// Hashing that takes longer than this is worth a word before it begins.
constexpr absl::Duration hashing_worth_telling = absl::Seconds(30);

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
  void CopyTo(std::FILE* out) {
    std::rewind(file_);
    char buffer[4096];
    for (std::size_t n; (n = std::fread(buffer, 1, sizeof(buffer), file_)) > 0;) {
      std::fwrite(buffer, 1, n, out);
    }
    std::fflush(out);
  }

 private:
  std::FILE* const file_;
};

}  // namespace

int ImportRun::Run() {
  if (const Stop stop = OpenSource()) return *stop;
  if (const Stop stop = CheckOutputFiles()) return *stop;
  problems_ = std::make_unique<ProblemsFile>(settings_.problems_path, source_->dialect());
  if (!settings_.resume) {
    if (const Stop stop = ValidateRows()) return *stop;
  }
  if (const Stop stop = OpenResults()) return *stop;
  return ImportRows();
}

ImportRun::Stop ImportRun::OpenSource() {
  auto source = SourceFile::Open(settings_.file, settings_.password_need());
  if (!source.ok()) return Fail(source.status());
  source_ = *std::move(source);
  auto sha256 = Sha256Of(source_->bytes());
  if (!sha256.ok()) return Fail(sha256.status());
  source_sha256_ = *std::move(sha256);
  return std::nullopt;
}

ImportRun::Stop ImportRun::CheckOutputFiles() {
  if (settings_.resume) {
    if (Exists(settings_.results_path)) return std::nullopt;
    return Fail(kExitUsage, settings_.results_path +
                                ": --resume goes on with the results of the first run, and there "
                                "is no such file");
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
  const absl::Status removed = ProblemsFile::RemoveEarlier(settings_.problems_path);
  if (!removed.ok()) return Fail(removed);
  return std::nullopt;
}

ImportRun::Stop ImportRun::ValidateRows() {
  Spool json;
  if (settings_.json && json.file() == nullptr) {
    return Fail(kExitFile, "no temporary file can be made");
  }
  Progress progress("Checking", source_->bytes().size(), stderr, CanDrawBar(stderr));
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
      json.CopyTo(stdout);
      std::printf("%s\n", JsonLine(pass.end.summary).c_str());
    }
    SayValidation(report, *problems_, source_->name());
    Say("\nNothing was imported. Mend the file and import it again, or let --skip-rejected import "
        "the other rows.");
    return kExitSomeRefused;
  }
  // The import says the same again, and what came up meanwhile.
  if (absl::Status status = problems_->Discard(); !status.ok()) return Fail(status);
  Say("Checked " + Rows(report.counts().total()) + ":");
  Say(OutcomeLines(report.counts()));
  SayDuplicatesUnchecked(report, pass.end.summary.duplicates_checked_through_row());
  SayHashingTime(pass.limits.hashes_per_second(), report.given_passwords());
  return AskBeforeFirstImport(report.counts().total());
}

void ImportRun::SayHashingTime(double hashes_per_second, std::int64_t passwords) const {
  if (hashes_per_second <= 0) return;
  const absl::Duration time = absl::Seconds(static_cast<double>(passwords) / hashes_per_second);
  if (time < hashing_worth_telling) return;
  Say("Hashing the passwords in the file takes about " + DurationText(time) +
      " at this server's rate. Without the column initial_password and with "
      "--generate-passwords it is a matter of seconds.\n");
}

ImportRun::Stop ImportRun::AskBeforeFirstImport(std::int64_t rows) {
  if (settings_.yes || !PersonIsThere()) return std::nullopt;
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
  if (Ask("The organization \"" + settings_.organization + "\" has no clients yet. Import " +
          Rows(rows) + " into it?")) {
    return std::nullopt;
  }
  Say("Nothing was imported.");
  return interrupt_.requested() ? kExitInterrupted : kExitSomeRefused;
}

ImportRun::Stop ImportRun::OpenResults() {
  auto results = settings_.resume ? ResultsFile::Reopen(settings_.results_path)
                                  : ResultsFile::Create(settings_.results_path, source_->dialect());
  if (!results.ok()) return Fail(results.status());
  results_ = *std::move(results);
  if (!settings_.resume) return std::nullopt;
  const absl::Status status = problems_->DropAfter(results_->last_row_number());
  if (!status.ok()) return Fail(status);
  Say("Going on after row " + std::to_string(results_->last_row_number()) + ".");
  return std::nullopt;
}

void ImportRun::SayHowToResume() const {
  Say("Import " + settings_.import_id + "\nShould it break off, this goes on with it:\n  " +
      settings_.ResumeCommand());
}

int ImportRun::ImportRows() {
  begin_ = absl::Now();
  SayHowToResume();
  Progress progress("Importing", source_->bytes().size(), stderr, CanDrawBar(stderr));
  progress.StartFrom(results_->counts());
  ImportReport report(*results_, *problems_, settings_.json ? stdout : nullptr, progress);
  ServerPassOptions options;
  options.start = settings_.Start();
  options.start.set_import_id(settings_.import_id);
  options.start.set_source_sha256(source_sha256_);
  options.holds_all_answers = settings_.resume || !settings_.import_id_given;
  options.go_on_after_row = results_->last_row_number();
  options.on_store_behind = [this](std::int64_t row_number) { return ForgetAfter(row_number); };
  return Finish(RunServerPass(settings_, options, *source_, report, progress, interrupt_));
}

absl::Status ImportRun::ForgetAfter(std::int64_t row_number) {
  const auto dropped = results_->DropAfter(row_number);
  if (!dropped.ok()) return dropped.status();
  if (absl::Status status = problems_->DropAfter(row_number); !status.ok()) return status;
  Say("The server's store has gone back in time (was it restored from a backup?): it knows this "
      "import only through row " +
      std::to_string(row_number) + ". " + Rows(dropped->rows) +
      " of the results file are void and are sent again.");
  if (!dropped->passwords.empty()) {
    Say("Passwords that were generated for these rows are DEAD, do not hand them out: " +
        dropped->passwords.ToString(password_ranges_max));
  }
  return absl::OkStatus();
}

int ImportRun::Finish(const ServerPassEnd& pass) {
  absl::Status status = problems_->Sync();
  if (absl::Status synced = results_->Sync(); status.ok()) status = synced;
  if (pass.end.kind != ImportEnd::Kind::kComplete) {
    // Nothing has begun: a file without results would only be in the way.
    const bool nothing_begun =
        pass.end.kind == ImportEnd::Kind::kRefused && !pass.started && !settings_.resume;
    if (nothing_begun && results_->last_row_number() == 0) unlink(results_->path().c_str());
    return SayPassEnd(pass, settings_, settings_.ResumeCommand());
  }
  if (!status.ok()) return Fail(status);
  const auto rejects = WriteRejectsFile(settings_.rejects_path, settings_.resume, source_->bytes(),
                                        source_->rows(), *results_);
  if (settings_.json) {
    v1::ImportSummary summary = pass.end.summary;
    *summary.mutable_rows() = ToWire(results_->counts());
    std::printf("%s\n", JsonLine(summary).c_str());
    std::fflush(stdout);
  }
  SayImportSummary({settings_, pass.end.summary, *results_, *problems_,
                    rejects.ok() ? *rejects : RejectsWritten(), absl::Now() - begin_});
  if (!rejects.ok()) return Fail(rejects.status());
  return AnyRefused(results_->counts()) ? kExitSomeRefused : kExitAccepted;
}

}  // namespace provisioning
