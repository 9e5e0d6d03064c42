// SPDX-License-Identifier: Apache-2.0
#include "client/imports_command.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "client/connection.h"
#include "client/message.h"
#include "client/report/cell_text.h"
#include "client/report/duration_text.h"
#include "client/report/json_text.h"
#include "client/report/table.h"
#include "provisioning/v1/client_provisioning_service.grpc.pb.h"

namespace provisioning {
namespace {

constexpr int imports_per_page = 1000;

struct ImportsFlags {
  Connection connection;
  std::string organization;
  std::string import_id;
  bool json = false;

  void AddShared(CLI::App& app) {
    app.add_option("--organization", organization, "The organization")
        ->type_name("ORG")
        ->required();
    app.add_flag("--json", json, "Print one JSON object per line");
    connection.AddFlags(app);
  }
};

std::string StateText(v1::ImportState state) {
  if (state == v1::IMPORT_STATE_OPEN) return "open";
  if (state == v1::IMPORT_STATE_COMPLETE) return "complete";
  return std::to_string(state);
}

std::int64_t Total(const v1::OutcomeCounts& rows) {
  return rows.rejected() + rows.duplicate_row() + rows.conflicting_replay() +
         rows.already_exists() + rows.updated() + rows.reissued() + rows.created() + rows.valid();
}

int ListImports(ImportsFlags& flags) {
  if (absl::Status status = flags.connection.Prepare(); !status.ok()) return Fail(status);
  const auto stub = v1::ClientProvisioningService::NewStub(flags.connection.NewChannel());
  v1::ListImportsRequest request;
  request.set_organization_id(flags.organization);
  request.set_page_size(imports_per_page);
  std::unique_ptr<Table> table;
  do {
    grpc::ClientContext context;
    SetUnaryDeadline(context);
    v1::ListImportsResponse response;
    const grpc::Status status = stub->ListImports(&context, request, &response);
    if (!status.ok()) return Fail(ReadRpcError(status), flags.connection.server());
    for (const v1::Import& import : response.imports()) {
      if (flags.json) {
        std::printf("%s\n", JsonLine(import).c_str());
        continue;
      }
      if (table == nullptr) {
        table.reset(new Table(
            {"IMPORT ID", "STATE", "STARTED", "ROWS", "CREATED", "REJECTED", "SOURCE"}, stdout));
      }
      table->Add({import.import_id(), StateText(import.state()), TimeText(import.create_time()),
                  CountText(Total(import.rows())), CountText(import.rows().created()),
                  CountText(import.rows().rejected()), import.source_name()});
    }
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
  const auto line = [](const char* name, const std::string& value) {
    if (!value.empty()) std::printf("%-19s %s\n", name, value.c_str());
  };
  const auto count = [&line](const char* name, std::int64_t rows) {
    if (rows > 0) line(name, CountText(rows));
  };
  line("import id", import.import_id());
  line("organization", import.organization_id());
  line("state", StateText(import.state()));
  line("settled through row", std::to_string(import.settled_through_row()));
  line("rows", CountText(Total(import.rows())));
  count("  created", import.rows().created());
  count("  updated", import.rows().updated());
  count("  reissued", import.rows().reissued());
  count("  already existing", import.rows().already_exists());
  count("  duplicate", import.rows().duplicate_row());
  count("  conflicting replay", import.rows().conflicting_replay());
  count("  rejected", import.rows().rejected());
  line("options", OptionsText(import));
  line("source", import.source_name());
  line("source SHA-256", import.source_sha256());
  line("session", import.session_id());
  line("streams", std::to_string(import.stream_count()));
  line("started", TimeText(import.create_time()));
  line("last change", TimeText(import.update_time()));
}

int ShowImport(ImportsFlags& flags) {
  if (absl::Status status = flags.connection.Prepare(); !status.ok()) return Fail(status);
  const auto stub = v1::ClientProvisioningService::NewStub(flags.connection.NewChannel());
  v1::GetImportRequest request;
  request.set_organization_id(flags.organization);
  request.set_import_id(flags.import_id);
  grpc::ClientContext context;
  SetUnaryDeadline(context);
  v1::GetImportResponse response;
  const grpc::Status status = stub->GetImport(&context, request, &response);
  if (!status.ok()) return Fail(ReadRpcError(status), flags.connection.server());
  if (flags.json) {
    std::printf("%s\n", JsonLine(response.import()).c_str());
  } else {
    PrintImport(response.import());
  }
  return kExitAccepted;
}

}  // namespace

void AddImportsCommand(CLI::App& app, int& exit_code) {
  CLI::App* imports = app.add_subcommand("imports", "The records of imports");
  imports->require_subcommand(1);
  const auto flags = std::make_shared<ImportsFlags>();

  CLI::App* list = imports->add_subcommand("list", "All of an organization, newest first");
  flags->AddShared(*list);
  list->callback([flags, &exit_code] { exit_code = ListImports(*flags); });

  CLI::App* show = imports->add_subcommand("show", "One of them");
  flags->AddShared(*show);
  show->add_option("ID", flags->import_id, "The import's id")->required();
  show->callback([flags, &exit_code] { exit_code = ShowImport(*flags); });
}

}  // namespace provisioning
