// SPDX-License-Identifier: Apache-2.0
#include "client/imports_revert.h"

#include <CLI/CLI.hpp>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "client/message.h"
#include "client/record_flags.h"
#include "client/report/cell_text.h"
#include "client/report/json_text.h"
#include "client/report/summary.h"
#include "client/session/interrupt.h"
#include "client/session/stream_watch.h"
#include "client/stdout_end.h"
#include "client/terminal/duration_text.h"
#include "client/terminal/field_list.h"
#include "client/terminal/progress.h"
#include "client/terminal/table.h"
#include "client/unary_call.h"
#include "provisioning/v1/client_provisioning_service.grpc.pb.h"
#include "service/model/uuid.h"

namespace provisioning {
namespace {

struct RevertFlags : RecordFlags {
  std::string import_id;
  bool yes = false;
};

std::string CountOfClients(std::int64_t count) {
  return CountText(count) + (count == 1 ? " client" : " clients");
}

std::string KeptText(v1::KeptReason reason) {
  switch (reason) {
    case v1::KEPT_REASON_USED:
      return "has set a password, or has signed in";
    case v1::KEPT_REASON_PASSWORD_REISSUED:
      return "got another temporary password since";
    case v1::KEPT_REASON_PROFILE_CHANGED:
      return "was changed by another import";
    default:
      return "for another reason (" + std::to_string(reason) + ")";
  }
}

// One run of the command.
class ImportRevert {
 public:
  ImportRevert(const RevertFlags& flags, const Interrupt& interrupt)
      : flags_(flags),
        interrupt_(interrupt),
        stub_(v1::ClientProvisioningService::NewStub(flags.connection.NewChannel())) {}

  int Run();

 private:
  using Stop = std::optional<int>;  // The exit code, if it ends here.

  Stop LookAtIt();
  Stop AskBefore() const;
  RpcError Revert();
  void Take(const v1::RevertImportResponse& response);
  int TellDone();
  int TellBrokenOff(const RpcError& error) const;

  const RevertFlags& flags_;
  const Interrupt& interrupt_;
  const std::unique_ptr<v1::ClientProvisioningService::Stub> stub_;
  v1::Import import_;
  std::unique_ptr<Progress> progress_;
  bool begun_ = false;                  // The server has said something.
  std::atomic<std::int64_t> done_ = 0;  // For the thread that draws.
  std::int64_t removed_clients_ = 0;
  std::int64_t kept_clients_ = 0;
  std::vector<v1::KeptClient> kept_;  // But with --json.
};

int ImportRevert::Run() {
  if (const Stop stop = LookAtIt()) return *stop;
  if (const Stop stop = AskBefore()) return *stop;
  const RpcError error = Revert();
  if (!error.ok()) return TellBrokenOff(error);
  return TellDone();
}

ImportRevert::Stop ImportRevert::LookAtIt() {
  v1::GetImportRequest request;
  request.set_organization_id(flags_.organization);
  request.set_import_id(flags_.import_id);
  v1::GetImportResponse response;
  const RpcError error =
      CallUnary(*stub_, &v1::ClientProvisioningService::Stub::GetImport, request, response);
  if (error.code == grpc::StatusCode::NOT_FOUND) {
    return FailNoImport(flags_.organization, flags_.import_id);
  }
  if (!error.ok()) return Fail(error, flags_.connection.server());
  import_ = std::move(*response.mutable_import());
  return std::nullopt;
}

ImportRevert::Stop ImportRevert::AskBefore() const {
  if (flags_.yes) return std::nullopt;
  if (NoInput() || !PersonIsThere()) {
    return Fail(kExitUsage,
                "nobody is there to be asked. If the import is to be undone, say --yes.");
  }
  PrintField("import", import_.import_id(), stderr);
  PrintField("source", import_.source_name(), stderr);
  PrintField("started", TimeText(import_.create_time()), stderr);
  PrintField("created", CountOfClients(import_.rows().created()), stderr);
  if (import_.reverted_clients() > 0) {
    PrintField("removed since", CountOfClients(import_.reverted_clients()), stderr);
  }
  const QuitAtOnce quit("\nStopped. Nothing was changed.\n");
  if (Ask("Undo this import of the organization \"" + flags_.organization +
          "\"? Clients that it created and that nobody has used are erased, for good.")) {
    return std::nullopt;
  }
  Say("Nothing was changed.");
  return kExitSomeRefused;
}

RpcError ImportRevert::Revert() {
  v1::RevertImportRequest request;
  request.set_organization_id(flags_.organization);
  request.set_import_id(flags_.import_id);
  progress_ =
      std::make_unique<Progress>("Reverting", import_.rows().created() - import_.reverted_clients(),
                                 stderr, ProgressStyleOfStderr(), "client");
  grpc::ClientContext context;
  const auto stream = stub_->RevertImport(&context, request);
  {
    // The end may take its time: what is removed is erased from the files, too.
    const StreamWatch watch(
        context, interrupt_, {.silence_max = absl::InfiniteDuration()},
        [&context] { context.TryCancel(); }, [this] { progress_->Tick(done_); });
    v1::RevertImportResponse response;
    while (stream->Read(&response)) Take(response);
  }
  const RpcError error = ReadRpcError(stream->Finish());
  progress_->Clear();
  return error;
}

void ImportRevert::Take(const v1::RevertImportResponse& response) {
  begun_ = true;
  removed_clients_ = response.removed_clients();
  kept_clients_ = response.kept_clients();
  done_ = removed_clients_ + kept_clients_;
  progress_->SetDone(done_);
  if (!flags_.json) {
    kept_.insert(kept_.end(), response.kept().begin(), response.kept().end());
    return;
  }
  for (const v1::KeptClient& kept : response.kept()) std::printf("%s\n", JsonLine(kept).c_str());
}

int ImportRevert::TellDone() {
  if (flags_.json) {
    // Numbers of 64 bits are strings in protobuf's JSON.
    std::printf("{\"removed_clients\":\"%lld\",\"kept_clients\":\"%lld\"}\n",
                static_cast<long long>(removed_clients_), static_cast<long long>(kept_clients_));
    return StdoutEnd().value_or(kExitAccepted);
  }
  Say("Removed " + CountOfClients(removed_clients_) + "; " +
      (kept_clients_ == 0
           ? "none stays."
           : CountOfClients(kept_clients_) + (kept_clients_ == 1 ? " stays:" : " stay:")));
  if (!kept_.empty()) {
    Table table({{.title = "ROW", .number = true},
                 {.title = "EMAIL ADDRESS", .gives_way = 1, .columns_min = 16},
                 {.title = "WHY IT STAYS"}},
                stdout);
    for (const v1::KeptClient& kept : kept_) {
      table.Add({std::to_string(kept.row_number()), kept.email_address(), KeptText(kept.reason())});
    }
  }
  return StdoutEnd().value_or(kExitAccepted);
}

int ImportRevert::TellBrokenOff(const RpcError& error) const {
  const bool interrupted = interrupt_.requested();
  int code = kExitInterrupted;
  if (interrupted) {
    SayAnyway("Stopped.");
  } else {
    code = Fail(error, flags_.connection.server());
    if (code == kExitUnreachable && (begun_ || FateUnknown(error))) code = kExitBrokenOff;
  }
  const bool resumable = interrupted || AfterErrorOf(error) == AfterError::kResume;
  if (!resumable) return code;
  if (begun_) Say("Removed " + CountOfClients(removed_clients_) + " so far.");
  SayAnyway("To go on:\n  " +
            RevertCommand(flags_.organization, flags_.import_id, flags_.connection));
  return code;
}

int RevertImport(RevertFlags& flags) {
  if (!Uuid::Parse(flags.import_id)) {
    return Fail(kExitUsage, "\"" + flags.import_id +
                                "\" is no import's id. `provision imports list` shows them.");
  }
  if (absl::Status status = flags.connection.Prepare(); !status.ok()) return Fail(status);
  return ImportRevert(flags, InstallInterruptHandlers()).Run();
}

}  // namespace

void AddRevertImport(CLI::App& imports, Command& chosen) {
  CLI::App* command = imports.add_subcommand("revert", "Undo an import");
  const auto flags = std::make_shared<RevertFlags>();
  command->add_option("ID", flags->import_id, "The import's id")->required();
  command->add_flag("--yes", flags->yes, "Do not ask");
  flags->AddTo(*command);
  command->callback([flags, &chosen] { chosen = [flags] { return RevertImport(*flags); }; });
}

std::string RevertCommand(const std::string& organization, const std::string& import_id,
                          const Connection& connection) {
  std::vector<std::string> arguments = {ProgramName(),    "imports",    "revert", import_id,
                                        "--organization", organization, "--yes"};
  const auto connected = connection.Arguments();
  arguments.insert(arguments.end(), connected.begin(), connected.end());
  return ShellCommand(arguments);
}

}  // namespace provisioning
