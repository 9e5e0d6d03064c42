// SPDX-License-Identifier: Apache-2.0
// provision-load: how a running service behaves under load, and whether its
// answers stay right. See tests/README.md, "Load".

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "client/exit_code.h"
#include "client/help/usage_error.h"
#include "client/session/interrupt.h"
#include "client/session/stream_error.h"
#include "client/terminal/terminal.h"
#include "client/terminal/text_columns.h"
#include "provisioning/v1/client_provisioning_service.grpc.pb.h"
#include "tests/load/html_report.h"
#include "tests/load/json_report.h"
#include "tests/load/load_flags.h"
#include "tests/load/load_help.h"
#include "tests/load/load_progress.h"
#include "tests/load/load_report.h"
#include "tests/load/load_run.h"
#include "tests/load/report_file.h"
#include "tests/load/text_report.h"

namespace provisioning {
namespace {

constexpr int connect_seconds = 10;
constexpr int start_seconds = 3;

int Fail(ExitCode code, const std::string& message) {
  std::fprintf(stderr, "provision-load: %s\n", message.c_str());
  return code;
}

// Asks the server something small, so that a run does not begin without one.
RpcError AskForSchema(const std::shared_ptr<grpc::Channel>& channel) {
  const auto stub = v1::ClientProvisioningService::NewStub(channel);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(connect_seconds));
  v1::GetImportSchemaResponse response;
  return ReadRpcError(stub->GetImportSchema(&context, {}, &response));
}

int Run(LoadFlags& flags) {
  if (absl::Status status = flags.Finish(); !status.ok()) {
    return Fail(kExitUsage, std::string(status.message()));
  }
  if (absl::Status status = flags.connection.Prepare(); !status.ok()) {
    return Fail(kExitUsage, std::string(status.message()));
  }
  ReportFile json(flags.json_file);
  ReportFile html(flags.html_file);
  for (const ReportFile* file : {&json, &html}) {
    if (!file->error().empty()) return Fail(kExitFile, file->error());
  }
  std::vector<std::shared_ptr<grpc::Channel>> channels;
  for (int i = 0; i < flags.options.connections; ++i) {
    channels.push_back(flags.connection.NewChannel());
  }
  for (const auto& channel : channels) {
    RpcError error = AskForSchema(channel);
    // A server that was started by the line before needs a moment.
    if (error.code == grpc::StatusCode::UNAVAILABLE &&
        channel->WaitForConnected(std::chrono::system_clock::now() +
                                  std::chrono::seconds(start_seconds))) {
      error = AskForSchema(channel);
    }
    if (!error.ok()) {
      return Fail(ExitCodeOf(error),
                  "cannot begin: " + flags.connection.server() + ": " + DescribeRpcError(error));
    }
  }
  const Interrupt& interrupt = InstallInterruptHandlers();
  ProgressPrinter progress(flags.quiet, flags.options);
  if (!flags.quiet) {
    std::fprintf(stderr, "provision-load: %s, --seed %s\n",
                 TerminalLine(flags.connection.server()).c_str(),
                 std::to_string(flags.options.seed).c_str());
  }
  const absl::Time begin = absl::Now();
  RunFacts facts = RunLoad(flags.options, channels, interrupt,
                           [&](const LoadProgress& now) { progress.Print(now); });
  progress.End();
  LoadReport report = MakeReport(flags.options, std::move(facts));
  report.server = flags.connection.server();
  report.begin = begin;
  report.elapsed = absl::Now() - begin;
  report.interrupted = interrupt.requested();
  if (report.interrupted && !flags.options.objectives.empty()) {
    report.failures.emplace_back("it was interrupted, so no objective was met");
  }
  std::fputs(TextReport(report).c_str(), stdout);
  std::fflush(stdout);
  if (json.wanted() && !json.Write(JsonReport(report))) return Fail(kExitFile, json.error());
  if (html.wanted() && !html.Write(HtmlReport(report))) return Fail(kExitFile, html.error());
  return report.passed() ? 0 : 1;
}

int Main(int argc, char** argv) {
  CLI::App app("Puts load on a running provisiond, measures it, and checks every answer",
               "provision-load");
  LoadFlags flags;
  flags.AddTo(app);
  app.set_help_flag("-h,--help", "Explain the program")->group("Reports");
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    std::fputs(LoadHelp(app, LineColumns(stdout)).c_str(), stdout);
    return 0;
  } catch (const CLI::ParseError& error) {
    return Fail(kExitUsage, UsageErrorText(app, error));
  }
  return Run(flags);
}

}  // namespace
}  // namespace provisioning

int main(int argc, char** argv) {
  setenv("GRPC_VERBOSITY", "NONE", 0);
  return provisioning::Main(argc, argv);
}
