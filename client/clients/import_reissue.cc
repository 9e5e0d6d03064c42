// SPDX-License-Identifier: Apache-2.0
#include "client/clients/import_reissue.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "absl/time/clock.h"
#include "client/clients/clients_to_reissue.h"
#include "client/clients/reissue_calls.h"
#include "client/message.h"
#include "client/report/cell_text.h"
#include "client/report/import_report.h"
#include "client/report/json_text.h"
#include "client/report/results_file.h"
#include "client/session/interrupt.h"
#include "client/terminal/duration_text.h"
#include "client/terminal/progress.h"
#include "client/unary_call.h"
#include "provisioning/v1/client_provisioning_service.grpc.pb.h"
#include "service/model/limits.h"
#include "service/model/secret_string.h"

namespace provisioning {
namespace {

constexpr std::size_t told_ranges_max = 20;

std::string Clients(std::size_t count) {
  return CountText(static_cast<std::int64_t>(count)) + (count == 1 ? " client" : " clients");
}

// "passwords.csv" becomes "passwords-2.csv", or the first such name that is free.
std::string FreePathLike(const std::string& path) {
  const std::filesystem::path whole(path);
  for (int i = 2;; ++i) {
    std::filesystem::path other = whole;
    other.replace_filename(whole.stem().string() + "-" + std::to_string(i) +
                           whole.extension().string());
    if (!std::filesystem::exists(other)) return other.string();
  }
}

absl::Time ReadTime(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

class ImportReissue {
 public:
  ImportReissue(const ImportReissueSettings& settings, const Interrupt& interrupt)
      : settings_(settings),
        interrupt_(interrupt),
        stub_(v1::ClientAccountService::NewStub(settings.connection.NewChannel())) {}

  int Run();

 private:
  using Stop = std::optional<int>;  // The exit code, if it ends here.

  Stop CheckResultsFile() const;
  Stop ListClients();
  int EndWithoutClients() const;
  Stop AskBefore() const;
  ReissueCalls::End MakeCalls();
  absl::Status OnAnswer(const ClientToReissue& client, const RpcError& error,
                        v1::RowResult& result);
  absl::Status FlushResults();
  // Of the rows that were asked about twice: those whose password in the results
  // is not the one that works, or may not be.
  RowRanges VoidRows() const;
  int Finish(const ReissueCalls::End& end);
  int TellDone();
  int TellVoid(const RowRanges& rows) const;
  void TellSkipped() const;
  int TellBrokenOff(const ReissueCalls::End& end);
  std::string CommandAgain(const std::string& results_path) const;

  const ImportReissueSettings& settings_;
  const Interrupt& interrupt_;
  const std::unique_ptr<v1::ClientAccountService::Stub> stub_;
  std::vector<ClientToReissue> clients_;
  std::unique_ptr<ResultsFile> results_;
  std::unique_ptr<Progress> progress_;
  std::size_t answered_ = 0;
  struct Doubt {
    std::int64_t row_number = 0;
    Uuid client_id;
    absl::Time expires_at;
  };
  std::vector<Doubt> doubts_;
  RowRanges replaced_;  // Somebody gave them another password,
  RowRanges active_;    // they have set their own,
  RowRanges gone_;      // or they were erased.
  RowRanges refused_;   // The server did not take it; the results say why.
  absl::Time begin_;
};

int ImportReissue::Run() {
  if (const Stop stop = CheckResultsFile()) return *stop;
  if (const Stop stop = ListClients()) return *stop;
  if (clients_.empty()) return EndWithoutClients();
  if (const Stop stop = AskBefore()) return *stop;
  auto results = ResultsFile::Create(settings_.results_path, CsvDialect());
  if (!results.ok()) return Fail(results.status());
  results_ = *std::move(results);
  begin_ = absl::Now();
  return Finish(MakeCalls());
}

ImportReissue::Stop ImportReissue::CheckResultsFile() const {
  const std::string& path = settings_.results_path;
  if (access(path.c_str(), F_OK) == 0) {
    return Fail(kExitUsage, path +
                                " exists already and is not overwritten. Move it away, or name "
                                "another file with --results.");
  }
  const std::string folder = std::filesystem::path(path).parent_path().string();
  if (access(folder.empty() ? "." : folder.c_str(), W_OK | X_OK) == 0) return std::nullopt;
  return Fail(kExitFile, path + ": " + strerror(errno) + ". Nothing was changed.");
}

ImportReissue::Stop ImportReissue::ListClients() {
  const QuitAtOnce quit("\nStopped. Nothing was changed.\n");
  const RpcError error =
      ListClientsToReissue(*stub_, settings_.organization, settings_.import_id, clients_);
  if (!error.ok()) return Fail(error, settings_.connection.server());
  return std::nullopt;
}

int ImportReissue::EndWithoutClients() const {
  const auto imports = v1::ClientProvisioningService::NewStub(settings_.connection.NewChannel());
  v1::GetImportRequest request;
  request.set_organization_id(settings_.organization);
  request.set_import_id(settings_.import_id);
  v1::GetImportResponse response;
  const RpcError error =
      CallUnary(*imports, &v1::ClientProvisioningService::Stub::GetImport, request, response);
  if (error.code == grpc::StatusCode::NOT_FOUND) {
    return FailNoImport(settings_.organization, settings_.import_id);
  }
  if (!error.ok()) return Fail(error, settings_.connection.server());
  Say("No client has a temporary password from this import any more. Nothing was changed.");
  return kExitAccepted;
}

ImportReissue::Stop ImportReissue::AskBefore() const {
  const std::string what = Clients(clients_.size()) + (clients_.size() == 1 ? " has" : " have") +
                           " not used the temporary password from this import.";
  if (settings_.yes) {
    Say(what);
    return std::nullopt;
  }
  if (NoInput() || !PersonIsThere()) {
    return Fail(kExitUsage, what +
                                " Nobody is there to be asked. If they are to get new ones, and "
                                "the old ones are to be void, say --yes.");
  }
  const QuitAtOnce quit("\nStopped. Nothing was changed.\n");
  if (Ask(what + " Make new ones? The old ones stop working.")) return std::nullopt;
  Say("Nothing was changed.");
  return kExitSomeRefused;
}

ReissueCalls::End ImportReissue::MakeCalls() {
  ReissueCalls::Options options;
  options.request.set_organization_id(settings_.organization);
  options.request.set_import_id(settings_.import_id);
  options.request.mutable_temporary_password_ttl()->set_seconds(
      absl::ToInt64Seconds(settings_.ttl));
  options.reconnect_timeout = settings_.reconnect_timeout;
  progress_ = std::make_unique<Progress>("Reissuing", static_cast<std::int64_t>(clients_.size()),
                                         stderr, ProgressStyleOfStderr(), "client");
  ReissueCalls::Events events;
  events.on_answer = [this](const ClientToReissue& client, const RpcError& error,
                            v1::RowResult& result) { return OnAnswer(client, error, result); };
  events.on_doubt = [this](const ClientToReissue& client, const v1::RowResult& result) {
    doubts_.push_back(
        {client.row_number, client.client_id, ReadTime(result.password_expires_at())});
  };
  events.on_away = [this](const RpcError& error) {
    progress_->Say("Lost the connection to " + settings_.connection.server() + ": " +
                   DescribeRpcError(error) + "\nTrying again for up to " +
                   DurationText(settings_.reconnect_timeout) + "; Ctrl-C stops.");
  };
  events.on_back = [this] { progress_->Say("Connected again; going on."); };
  events.on_tick = [this] { progress_->Tick(static_cast<std::int64_t>(answered_)); };
  const LastWords words("\nStopped at once. Passwords that were made are void where " +
                        settings_.results_path + " does not have them. To make all anew:\n  " +
                        CommandAgain(FreePathLike(settings_.results_path)) + "\n");
  ReissueCalls calls(
      [this] { return v1::ClientAccountService::NewStub(settings_.connection.NewChannel()); },
      options, events, interrupt_);
  const ReissueCalls::End end = calls.Run(clients_);
  progress_->Clear();
  return end;
}

absl::Status ImportReissue::OnAnswer(const ClientToReissue& client, const RpcError& error,
                                     v1::RowResult& result) {
  ++answered_;
  progress_->SetDone(static_cast<std::int64_t>(answered_));
  if (!error.ok()) {
    (error.reason == "PASSWORD_REPLACED" ? replaced_
     : error.reason == "CLIENT_ACTIVE"   ? active_
                                         : gone_)
        .Add(client.row_number);
    return absl::OkStatus();
  }
  if (result.outcome() != v1::ROW_OUTCOME_REISSUED) refused_.Add(client.row_number);
  ClientRow row;
  row.first_name = client.first_name;
  row.last_name = client.last_name;
  results_->Append(result, row);
  if (settings_.json) {
    std::string line = JsonLine(result) + "\n";
    (void)std::fputs(line.c_str(), stdout);
    WipeString(line);
  }
  // It is stored nowhere else.
  return FlushResults();
}

absl::Status ImportReissue::FlushResults() {
  if (absl::Status status = results_->Flush(); !status.ok() || !settings_.json) return status;
  return FlushJson(stdout);
}

int ImportReissue::Finish(const ReissueCalls::End& end) {
  absl::Status status = results_->Sync();
  if (status.ok() && settings_.json) status = FlushJson(stdout);
  ReissueCalls::End whole = end;
  if (whole.failure.ok()) whole.failure = status;
  if (whole.error.ok() && whole.failure.ok() && !whole.interrupted) return TellDone();
  return TellBrokenOff(whole);
}

void ImportReissue::TellSkipped() const {
  struct Skipped {
    const RowRanges& rows;
    const char* one;
    const char* many;
  };
  const Skipped all[] = {
      {replaced_, "client got another temporary password meanwhile, and keeps it",
       "clients got other temporary passwords meanwhile, and keep them"},
      {active_, "client has set a password meanwhile, and keeps it",
       "clients have set passwords meanwhile, and keep them"},
      {gone_, "client was erased meanwhile", "clients were erased meanwhile"},
      {refused_, "client was refused a new password, and keeps the old one",
       "clients were refused new passwords, and keep the old ones"}};
  for (const auto& [rows, one, many] : all) {
    if (rows.empty()) continue;
    SayEntry(CountText(rows.count()) + " " +
                 (rows.count() == 1 ? one + std::string(" (row ") : many + std::string(" (rows ")) +
                 rows.ToString(told_ranges_max) + ")",
             "  ");
  }
}

// Two passwords that were made one after the other end at different times.
RowRanges ImportReissue::VoidRows() const {
  RowRanges rows;
  for (const Doubt& doubt : doubts_) {
    v1::GetClientRequest request;
    request.set_organization_id(settings_.organization);
    request.set_client_id(doubt.client_id.ToString());
    v1::GetClientResponse response;
    const RpcError error =
        CallUnary(*stub_, &v1::ClientAccountService::Stub::GetClient, request, response);
    const v1::Client& client = response.client();
    // Who was erased or has set a password since needs none of these.
    const bool needs_none =
        error.code == grpc::StatusCode::NOT_FOUND || client.state() == v1::CLIENT_STATE_ACTIVE;
    const bool works =
        error.ok() && ReadTime(client.temporary_password_expires_at()) == doubt.expires_at;
    if (!works && !needs_none) rows.Add(doubt.row_number);
  }
  return rows;
}

int ImportReissue::TellVoid(const RowRanges& rows) const {
  const int code = Fail(kExitBrokenOff,
                        "the connection was lost meanwhile, and a call that was made again came "
                        "through twice: these passwords in " +
                            settings_.results_path + " may be void: rows " +
                            rows.ToString(told_ranges_max) + ".");
  SayAnyway("The same command makes all of them anew, into another file:\n  " +
            CommandAgain(FreePathLike(settings_.results_path)));
  return code;
}

int ImportReissue::TellDone() {
  const auto made = static_cast<std::size_t>(results_->generated_passwords());
  SayHeading("\nDone in " + DurationText(absl::Now() - begin_) + ": " + Clients(made) +
             (made == 1 ? " has" : " have") + " a new temporary password.");
  TellSkipped();
  const int exit_code = refused_.empty() ? kExitAccepted : kExitSomeRefused;
  if (made == 0) return exit_code;
  if (const RowRanges rows = VoidRows(); !rows.empty()) return TellVoid(rows);
  SayHeading("\nFiles:");
  Say("  " + settings_.results_path);
  SayEntry("the new temporary passwords: keep it safe. They work until " +
           absl::FormatTime("%Y-%m-%d %H:%M UTC", results_->first_password_expiry(),
                            absl::UTCTimeZone()) +
           ", those before no more");
  return exit_code;
}

int ImportReissue::TellBrokenOff(const ReissueCalls::End& end) {
  const bool nothing = results_->generated_passwords() == 0;
  if (nothing) unlink(settings_.results_path.c_str());
  int code = kExitInterrupted;
  if (!end.failure.ok()) {
    Fail(end.failure);
    code = kExitBrokenOff;
  } else if (end.interrupted) {
    SayAnyway("Stopped.");
  } else {
    code = Fail(end.error, settings_.connection.server());
    if (!nothing && code == kExitUnreachable) code = kExitBrokenOff;
  }
  TellSkipped();
  const std::string again =
      CommandAgain(nothing ? settings_.results_path : FreePathLike(settings_.results_path));
  if (nothing) {
    SayAnyway("No new password was received; those before may be void. To make new ones:\n  " +
              again);
    return code;
  }
  SayAnyway(Clients(static_cast<std::size_t>(results_->generated_passwords())) + " of " +
            CountText(static_cast<std::int64_t>(clients_.size())) + " got new passwords, in " +
            settings_.results_path +
            ". The same command makes all of them anew, into another file; those in this one are "
            "void then:\n  " +
            again);
  return code;
}

std::string ImportReissue::CommandAgain(const std::string& results_path) const {
  std::vector<std::string> arguments = {ProgramName(),
                                        "clients",
                                        "reissue",
                                        "--organization",
                                        settings_.organization,
                                        "--import",
                                        settings_.import_id,
                                        "--results",
                                        PathArgument(results_path)};
  if (settings_.ttl != limits::temporary_password_ttl_default) {
    arguments.insert(arguments.end(), {"--ttl", DurationFlag(settings_.ttl)});
  }
  if (settings_.json) arguments.emplace_back("--json");
  if (settings_.yes) arguments.emplace_back("--yes");
  const auto connected = settings_.connection.Arguments();
  arguments.insert(arguments.end(), connected.begin(), connected.end());
  return ShellCommand(arguments);
}

}  // namespace

int ReissueImport(const ImportReissueSettings& settings) {
  return ImportReissue(settings, InstallInterruptHandlers()).Run();
}

}  // namespace provisioning
