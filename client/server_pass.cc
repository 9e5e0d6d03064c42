// SPDX-License-Identifier: Apache-2.0
#include "client/server_pass.h"

#include <string>
#include <utility>

#include "client/message.h"
#include "client/pinned_options.h"
#include "client/terminal/duration_text.h"

namespace provisioning {
namespace {

class PassObserver final : public ImportObserver {
 public:
  PassObserver(const ImportSettings& settings, const ServerPassOptions& options,
               const RowWindow& window, Progress& progress)
      : settings_(settings), options_(options), window_(window), progress_(progress) {}

  void OnStarting(const v1::ImportStart& start) override {
    progress_.SayDetail("Attempt " + std::to_string(start.attempt() + 1) + " of session " +
                        start.session_id() + " at " + settings_.connection.server() +
                        (start.validate_only() ? ", to check" : ", to import"));
  }
  void OnStarted(const v1::ImportStarted& started) override {
    if (troubled_) progress_.Say("Connected again; going on.");
    SayLimits(started);
    troubled_ = false;
    if (!pass_.started && options_.on_settled_before) {
      options_.on_settled_before(started.settled_through_row());
    }
    pass_.started = true;
    pass_.limits = started.limits();
    pass_.settled_through_row = started.settled_through_row();
  }
  void OnReconnect(const RpcError& error, absl::Duration wait) override {
    if (error.reason == "STORE_BEHIND") return;  // on_store_behind has its own words for it.
    progress_.SayDetail("No stream: " + DescribeRpcError(error) + ". Next attempt in " +
                        DurationText(wait) + ".");
    if (!std::exchange(troubled_, true)) {
      const std::string what = pass_.started ? "Lost the connection to " : "Cannot reach ";
      progress_.Say(what + settings_.connection.server() + ": " + DescribeRpcError(error) +
                    "\nTrying again for up to " + DurationText(settings_.reconnect_timeout) +
                    "; Ctrl-C stops.");
    }
  }
  absl::StatusOr<std::int64_t> OnStoreBehind(std::int64_t row_number) override {
    if (!options_.on_store_behind) return row_number;
    progress_.Clear();
    return options_.on_store_behind(row_number);
  }
  void OnInterrupt() override {
    progress_.Say("Stopping: waiting for rows that are under way. Ctrl-C again quits at once.");
  }
  void OnTick() override { progress_.Tick(window_.answered_offset()); }

  const ServerPassEnd& pass() const { return pass_; }

 private:
  void SayLimits(const v1::ImportStarted& started) {
    const v1::ImportLimits& limits = started.limits();
    std::string text = "The server answered: settled through row " +
                       CountText(started.settled_through_row()) + "; at most " +
                       CountText(limits.rows_per_message_max()) + " rows and " +
                       CountText(limits.message_bytes_max()) + " bytes in a message";
    if (limits.hashes_per_second() > 0) {
      text += "; hashes about " + CountText(static_cast<std::int64_t>(limits.hashes_per_second())) +
              " passwords a second";
    }
    progress_.SayDetail(text + ".");
  }

  const ImportSettings& settings_;
  const ServerPassOptions& options_;
  const RowWindow& window_;
  Progress& progress_;
  bool troubled_ = false;
  ServerPassEnd pass_;
};

int SayRefusal(const ServerPassEnd& pass, const ImportSettings& settings,
               const std::string& resume_command) {
  const RpcError& error = pass.end.error;
  if (error.reason == "IMPORT_REVERTED") return FailReverted(settings);
  if (error.code == grpc::StatusCode::ABORTED) {
    if (IsReverted(AskForImport(settings).import)) {
      return Fail(kExitBrokenOff, "somebody is undoing this import (" + settings.import_id +
                                      "): its clients are erased, and it takes no rows any more. "
                                      "Passwords in " +
                                      settings.results_path + " are void.");
    }
    return Fail(kExitBrokenOff, "another process has taken this import over and goes on with it (" +
                                    settings.import_id +
                                    "). Leave it to that process, and use its results file: " +
                                    settings.results_path + " gets no more lines from this one.");
  }
  if (error.reason == "OPTIONS_DIFFER") {
    const bool named = !error.field.empty();
    return FailOptionsDiffer(settings, {named ? OptionOfField(error.field) : error.message});
  }
  if (error.reason == "IMPORT_COMPLETED") {
    return Fail(kExitUsage, "this import is complete and takes no new rows: " + error.message +
                                "\nLeave --import-id out to import the file anew.");
  }
  const int code = Fail(error, settings.connection.server());
  if (pass.started || code == kExitBrokenOff) Say(ToGoOn(settings, resume_command));
  return code;
}

}  // namespace

std::string GivenAgain(const ImportSettings& settings) {
  return settings.file == "-" ? ", given the same data on standard input again" : "";
}

std::string ToGoOn(const ImportSettings& settings, const std::string& resume_command) {
  if (resume_command.empty()) return "Nothing was imported.";
  return "To go on" + GivenAgain(settings) + ":\n  " + resume_command;
}

ServerPassEnd RunServerPass(const ImportSettings& settings, const ServerPassOptions& options,
                            SourceFile& file, RowSink& sink, Progress& progress,
                            const Interrupt& interrupt) {
  RowWindow window(file.rows(), sink, RowWindow::Limits());
  PassObserver observer(settings, options, window, progress);
  ServerPassEnd pass;
  pass.end.failure = window.GoOnAfter(options.go_on_after_row);
  if (!pass.end.failure.ok()) return pass;
  ImportSession::Options session_options;
  session_options.start = options.start;
  session_options.holds_all_answers = options.holds_all_answers;
  session_options.reconnect_timeout = settings.reconnect_timeout;
  ImportSession session(
      [&settings] {
        return v1::ClientProvisioningService::NewStub(settings.connection.NewChannel());
      },
      session_options, window, observer, interrupt);
  const ImportEnd end = session.Run();
  progress.Clear();
  pass = observer.pass();
  pass.end = end;
  return pass;
}

int SayPassEnd(const ServerPassEnd& pass, const ImportSettings& settings,
               const std::string& resume_command) {
  const bool importing = !resume_command.empty();
  const std::string& server = settings.connection.server();
  switch (pass.end.kind) {
    case ImportEnd::Kind::kComplete:
      return kExitAccepted;
    case ImportEnd::Kind::kInterrupted:
      SayAnyway("Stopped. " + ToGoOn(settings, resume_command));
      return kExitInterrupted;
    case ImportEnd::Kind::kUnreachable:
      Fail(kExitUnreachable, "cannot reach " + server + ": " + DescribeRpcError(pass.end.error));
      Say(ToGoOn(settings, resume_command));
      return kExitUnreachable;
    case ImportEnd::Kind::kBrokenOff:
      Fail(kExitBrokenOff, "the connection to " + server +
                               " broke and did not come back: " + DescribeRpcError(pass.end.error));
      Say(ToGoOn(settings, resume_command));
      return importing ? kExitBrokenOff : kExitUnreachable;
    case ImportEnd::Kind::kRefused:
      return SayRefusal(pass, settings, resume_command);
    case ImportEnd::Kind::kFailed:
      break;
  }
  const int code = Fail(pass.end.failure);
  // A file that was changed is the file's fault, however far it had come.
  if (absl::IsDataLoss(pass.end.failure) && importing && pass.started) {
    Say("With the file as it was at first this goes on; the changed one is imported anew, and what "
        "is there already is left alone:\n  " +
        resume_command);
    return code;
  }
  Say(ToGoOn(settings, resume_command));
  return importing && pass.started ? kExitBrokenOff : code;
}

}  // namespace provisioning
