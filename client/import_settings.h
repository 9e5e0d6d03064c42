// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "client/connection.h"
#include "client/csv/csv_dialect.h"
#include "provisioning/v1/client_provisioning_service.pb.h"
#include "service/rules/row_rules.h"

namespace provisioning {

// What `provision import` and `provision validate` are told.
class ImportSettings {
 public:
  // The flags of both, and those of `import` alone.
  void AddSharedFlags(CLI::App& app);
  void AddImportFlags(CLI::App& app);

  // Fills in what follows from the flags. FAILED_PRECONDITION: they do not fit
  // together, or one of them has no such value.
  absl::Status CheckShared();
  absl::Status CheckImport();

  PasswordNeed password_need() const;
  // What every stream starts with, but for the file's digest.
  v1::ImportStart Start() const;
  // The command that goes on with this import.
  std::string ResumeCommand() const;
  // The command that imports `path` with the same choices, as a new import.
  std::string ImportCommand(const std::string& path, bool with_skip_rejected) const;

  Connection connection;
  std::string file;
  std::string organization;
  std::string import_id;  // Made by CheckImport, unless it was given.
  bool import_id_given = false;
  std::string existing = "report";
  bool generate_passwords = false;
  bool skip_rejected = false;
  bool resume = false;
  bool json = false;
  bool yes = false;
  std::string results_path;
  std::string problems_path;
  std::string rejects_path;
  CsvDialectChoice dialect;
  absl::Duration ttl;
  absl::Duration reconnect_timeout;

 private:
  // What an import of any file with the same choices is told.
  std::vector<std::string> ChoiceArguments() const;

  std::string delimiter_text_;
  std::string ttl_text_ = "7d";
  std::string reconnect_timeout_text_ = "5m";
};

}  // namespace provisioning
