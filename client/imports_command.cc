// SPDX-License-Identifier: Apache-2.0
#include "client/imports_command.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "client/imports_revert.h"
#include "client/message.h"
#include "client/record_flags.h"
#include "client/report/cell_text.h"
#include "client/report/json_text.h"
#include "client/stdout_end.h"
#include "client/terminal/duration_text.h"
#include "client/terminal/field_list.h"
#include "client/terminal/table.h"
#include "client/unary_call.h"
#include "provisioning/v1/client_provisioning_service.grpc.pb.h"
#include "service/model/limits.h"
#include "service/model/uuid.h"

namespace provisioning {
namespace {

using Stub = v1::ClientProvisioningService::Stub;

constexpr int imports_per_page = 1000;

struct ImportsFlags : RecordFlags {
  std::string import_id;
};

std::string StateText(v1::ImportState state) {
  switch (state) {
    case v1::IMPORT_STATE_OPEN:
      return "open";
    case v1::IMPORT_STATE_COMPLETE:
      return "complete";
    case v1::IMPORT_STATE_REVERTING:
      return "reverting";
    case v1::IMPORT_STATE_REVERTED:
      return "reverted";
    default:
      return std::to_string(state);
  }
}

std::int64_t Total(const v1::OutcomeCounts& rows) {
  return rows.rejected() + rows.duplicate_row() + rows.conflicting_replay() +
         rows.already_exists() + rows.updated() + rows.reissued() + rows.created() + rows.valid();
}

// A number is shown whole or not at all.
TableColumn NumberColumn(const std::string& title, int gives_way) {
  return {.title = title, .gives_way = gives_way, .columns_min = 99, .number = true};
}

std::vector<TableColumn> Columns() {
  return {{.title = "IMPORT ID"},
          {.title = "STATE"},
          {.title = "STARTED", .gives_way = 4, .columns_min = 17},
          NumberColumn("ROWS", 5),
          NumberColumn("CREATED", 2),
          NumberColumn("REJECTED", 3),
          {.title = "SOURCE", .gives_way = 1, .columns_min = 8}};
}

int ListImports(ImportsFlags& flags) {
  if (absl::Status status = flags.connection.Prepare(); !status.ok()) return Fail(status);
  const auto stub = v1::ClientProvisioningService::NewStub(flags.connection.NewChannel());
  v1::ListImportsRequest request;
  request.set_organization_id(flags.organization);
  request.set_page_size(imports_per_page);
  std::unique_ptr<Table> table;
  do {
    v1::ListImportsResponse response;
    const RpcError error = CallUnary(*stub, &Stub::ListImports, request, response);
    if (!error.ok()) return Fail(error, flags.connection.server());
    for (const v1::Import& import : response.imports()) {
      if (flags.json) {
        std::printf("%s\n", JsonLine(import).c_str());
        continue;
      }
      if (table == nullptr) table = std::make_unique<Table>(Columns(), stdout);
      table->Add({import.import_id(), StateText(import.state()), TimeText(import.create_time()),
                  CountText(Total(import.rows())), CountText(import.rows().created()),
                  CountText(import.rows().rejected()), import.source_name()});
    }
    if (table != nullptr) table->Print();
    if (const auto end = StdoutEnd()) return *end;
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  if (table == nullptr && !flags.json) Say("No imports.");
  return kExitAccepted;
}

std::string OptionsText(const v1::Import& import) {
  std::string text = import.missing_password() == v1::MISSING_PASSWORD_GENERATE
                         ? "makes missing passwords"
                         : "every row has its password";
  if (import.existing_account() == v1::EXISTING_ACCOUNT_UPDATE_PROFILE) {
    text += ", updates existing clients";
  } else if (import.existing_account() == v1::EXISTING_ACCOUNT_REISSUE_PENDING) {
    text += ", reissues passwords of pending clients";
  }
  return text + ", temporary passwords last " +
         DurationText(absl::Seconds(import.temporary_password_ttl().seconds()));
}

void PrintImport(const v1::Import& import) {
  PrintField("import id", import.import_id(), stdout);
  PrintField("organization", import.organization_id(), stdout);
  PrintField("state", StateText(import.state()), stdout);
  PrintField("settled through row", std::to_string(import.settled_through_row()), stdout);
  PrintField("rows", CountText(Total(import.rows())), stdout);
  PrintCount("  created", import.rows().created(), stdout);
  PrintCount("  updated", import.rows().updated(), stdout);
  PrintCount("  reissued", import.rows().reissued(), stdout);
  PrintCount("  already existing", import.rows().already_exists(), stdout);
  PrintCount("  duplicate", import.rows().duplicate_row(), stdout);
  PrintCount("  conflicting replay", import.rows().conflicting_replay(), stdout);
  PrintCount("  rejected", import.rows().rejected(), stdout);
  PrintCount("removed clients", import.reverted_clients(), stdout);
  PrintField("options", OptionsText(import), stdout);
  PrintField("source", import.source_name(), stdout);
  PrintField("source SHA-256", import.source_sha256(), stdout);
  PrintField("session", import.session_id(), stdout);
  PrintField("streams", std::to_string(import.stream_count()), stdout);
  PrintField("started", TimeText(import.create_time()), stdout);
  PrintField("last change", TimeText(import.update_time()), stdout);
}

// How to go on with an import that is open. Where its file is, the record does
// not know.
void SayHowToGoOn(const v1::Import& import, const Connection& connection) {
  const bool piped = import.source_name() == "standard input";
  std::vector<std::string> arguments = {
      "provision",
      "import",
      piped || import.source_name().empty() ? "FILE" : import.source_name(),
      "--organization",
      import.organization_id(),
      "--import-id",
      import.import_id(),
      "--resume"};
  const auto add = [&arguments](const std::vector<std::string>& more) {
    arguments.insert(arguments.end(), more.begin(), more.end());
  };
  if (import.missing_password() == v1::MISSING_PASSWORD_GENERATE) add({"--generate-passwords"});
  if (import.existing_account() == v1::EXISTING_ACCOUNT_UPDATE_PROFILE) {
    add({"--existing", "update"});
  } else if (import.existing_account() == v1::EXISTING_ACCOUNT_REISSUE_PENDING) {
    add({"--existing", "reissue"});
  }
  const absl::Duration ttl = absl::Seconds(import.temporary_password_ttl().seconds());
  if (ttl != limits::temporary_password_ttl_default) add({"--ttl", DurationFlag(ttl)});
  add(connection.Arguments());
  Say("\nIt is open: it is under way, or it broke off. To go on with it, run this beside the file "
      "and its results (without the results file, leave --resume out: nothing is done twice, but "
      "generated passwords that were received are not repeated):\n  " +
      ShellCommand(arguments));
}

int ShowImport(ImportsFlags& flags) {
  if (!Uuid::Parse(flags.import_id)) {
    return Fail(kExitUsage, "\"" + flags.import_id +
                                "\" is no import's id. `provision imports list` shows them.");
  }
  if (absl::Status status = flags.connection.Prepare(); !status.ok()) return Fail(status);
  const auto stub = v1::ClientProvisioningService::NewStub(flags.connection.NewChannel());
  v1::GetImportRequest request;
  request.set_organization_id(flags.organization);
  request.set_import_id(flags.import_id);
  v1::GetImportResponse response;
  const RpcError error = CallUnary(*stub, &Stub::GetImport, request, response);
  if (error.code == grpc::StatusCode::NOT_FOUND) {
    return FailNoImport(flags.organization, flags.import_id);
  }
  if (!error.ok()) return Fail(error, flags.connection.server());
  if (flags.json) {
    std::printf("%s\n", JsonLine(response.import()).c_str());
    return StdoutEnd().value_or(kExitAccepted);
  }
  PrintImport(response.import());
  if (const auto end = StdoutEnd()) return *end;
  if (response.import().state() == v1::IMPORT_STATE_OPEN) {
    SayHowToGoOn(response.import(), flags.connection);
  } else if (response.import().state() == v1::IMPORT_STATE_REVERTING) {
    Say("\nIt is being undone, or that broke off. This goes on with it:\n  " +
        RevertCommand(flags.organization, flags.import_id, flags.connection));
  }
  return kExitAccepted;
}

}  // namespace

void AddImportsCommand(CLI::App& app, Command& chosen) {
  CLI::App* imports = app.add_subcommand("imports", "The imports of an organization");
  imports->require_subcommand(1);
  const auto flags = std::make_shared<ImportsFlags>();

  CLI::App* list = imports->add_subcommand("list", "List all imports, newest first");
  flags->AddTo(*list);
  list->callback([flags, &chosen] { chosen = [flags] { return ListImports(*flags); }; });

  CLI::App* show = imports->add_subcommand("show", "Show one import");
  flags->AddTo(*show);
  show->add_option("ID", flags->import_id, "The import's id")->required();
  show->callback([flags, &chosen] { chosen = [flags] { return ShowImport(*flags); }; });

  AddRevertImport(*imports, chosen);
}

}  // namespace provisioning
