// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>

#include "google/protobuf/util/json_util.h"
#include "provisioning/v1/audit.pb.h"
#include "service/rpc/message_conversion.h"
#include "service/server/command.h"
#include "service/server/open_store.h"
#include "service/server/store_address.h"
#include "service/store/sqlite/sqlite_audit.h"
#include "spdlog/spdlog.h"

namespace provisioning {
namespace {

constexpr int records_per_page = 1000;

struct AuditExport {
  StoreFlags store;
  std::int64_t after = 0;
};

// False: nobody reads it any more.
bool Print(const AuditRecord& record) {
  v1::AuditRecord message;
  ToMessage(record, message);
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string line;
  if (!google::protobuf::util::MessageToJsonString(message, &line, options).ok()) return false;
  line += '\n';
  return std::fwrite(line.data(), 1, line.size(), stdout) == line.size();
}

// A page of the audit.
using ListAudit =
    std::function<absl::StatusOr<Page<AuditRecord, std::int64_t>>(std::int64_t after)>;

absl::StatusOr<ListAudit> OpenAudit(const StoreFlags& flags) {
  const auto address = ReadStoreAddress(flags);
  if (!address.ok()) return address.status();
  if (address->engine == StoreEngine::kSqlite) {
    auto audit = SqliteAudit::Open(address->place);
    if (!audit.ok()) return audit.status();
    return [audit = std::shared_ptr(*std::move(audit))](std::int64_t after) {
      return audit->List(after, records_per_page);
    };
  }
  auto store = OpenStore(*address, OrganizationShares::Equal(), [] {});
  if (!store.ok()) return store.status();
  return [store = std::shared_ptr(*std::move(store))](std::int64_t after) {
    return store->ListAudit(after, records_per_page);
  };
}

absl::Status Export(const AuditExport& options) {
  const auto list = OpenAudit(options.store);
  if (!list.ok()) return list.status();
  std::int64_t after = options.after;
  while (true) {
    const auto page = (*list)(after);
    if (!page.ok()) return page.status();
    for (const AuditRecord& record : page->records) {
      if (!Print(record)) return absl::UnavailableError("cannot write to stdout");
    }
    if (!page->next_after) break;
    after = *page->next_after;
  }
  if (std::fflush(stdout) != 0) return absl::UnavailableError("cannot write to stdout");
  return absl::OkStatus();
}

int Run(const AuditExport& options) {
  const absl::Status status = Export(options);
  if (status.ok()) return 0;
  spdlog::error("cannot export the audit: {}", std::string(status.message()));
  return 1;
}

}  // namespace

void AddAuditCommand(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<AuditExport>();
  CLI::App* audit = app.add_subcommand("audit", "What was done to accounts, and by whom");
  audit->require_subcommand(1);
  CLI::App* export_command = audit->add_subcommand(
      "export", "Write it to stdout, a JSON object per line, beside a running server too");
  AddStoreFlags(*export_command, options->store);
  export_command->add_option("--after", options->after, "Only records with a larger audit_id")
      ->check(CLI::NonNegativeNumber);
  export_command->callback([options, &chosen] { chosen = [options] { return Run(*options); }; });
}

}  // namespace provisioning
