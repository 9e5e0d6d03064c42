// SPDX-License-Identifier: Apache-2.0
#include "client/import_settings.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <vector>

#include "absl/time/clock.h"
#include "client/flag_value.h"
#include "client/message.h"
#include "client/terminal/duration_text.h"
#include "service/model/limits.h"
#include "service/model/organization_id.h"
#include "service/model/uuid.h"
#include "service/rules/utf8.h"

namespace provisioning {
namespace {

constexpr std::string_view files_group = "Files";

struct ExistingChoice {
  std::string_view flag;
  v1::ExistingAccount value;
};
constexpr std::array<ExistingChoice, 3> existing_choices = {
    {{"report", v1::EXISTING_ACCOUNT_REPORT},
     {"update", v1::EXISTING_ACCOUNT_UPDATE_PROFILE},
     {"reissue", v1::EXISTING_ACCOUNT_REISSUE_PENDING}}};

absl::Status UsageError(const std::string& message) {
  return absl::FailedPreconditionError(message);
}

absl::Status CheckDialect(const std::string& delimiter, CsvDialectChoice& dialect) {
  if (!delimiter.empty()) {
    dialect.delimiter = DelimiterNamed(delimiter);
    if (!dialect.delimiter) {
      return UsageError("--delimiter: \"" + delimiter +
                        "\" is none; write comma, semicolon, tab, pipe, or one character that "
                        "stands in no cell");
    }
  }
  const std::string& encoding = dialect.encoding;
  if (encoding.empty() || CanonicalEncodingName(encoding) == "utf-16") return absl::OkStatus();
  const absl::Status status = TextEncoding::Named(encoding).status();
  if (status.ok()) return status;
  return UsageError("--encoding: " + std::string(status.message()));
}

void Append(std::vector<std::string>& arguments, const std::vector<std::string>& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
}

// The file's own name, as far as the record takes it.
std::string SourceName(const std::string& path) {
  if (path == "-") return "standard input";
  const std::string name = path.substr(path.find_last_of('/') + 1);
  return VisibleText(name, limits::source_name_bytes_max);
}

}  // namespace

void ImportSettings::AddSharedFlags(CLI::App& app) {
  app.add_option("FILE", file, "The CSV file; - is standard input")->required();
  app.add_option("--organization", organization, "The organization whose clients these will be")
      ->type_name("ORG");
  app.add_flag("--generate-passwords", generate_passwords,
               "Let the service make a password for every row that has none");
  app.add_option("--existing", existing, "What to do with addresses that are clients already")
      ->check(CLI::IsMember({"report", "update", "reissue"}))
      ->capture_default_str();
  app.add_option("--delimiter", delimiter_text_,
                 "comma, semicolon, tab, pipe or a character; found out if not given")
      ->type_name("NAME")
      ->group(std::string(files_group));
  app.add_option("--encoding", dialect.encoding,
                 "The file's encoding, such as windows-1252; UTF-8 and UTF-16 with a byte order "
                 "mark need not be named")
      ->type_name("NAME")
      ->group(std::string(files_group));
  app.add_option("--problems", problems_path, "Where problems go [FILE.problems.csv]")
      ->type_name("FILE")
      ->group(std::string(files_group));
  app.add_option("--reconnect-timeout", reconnect_timeout_text_,
                 "How long to try when the server is away")
      ->type_name("TIME")
      ->capture_default_str();
  app.add_flag("--json", json, "Print one result per line, as JSON, to stdout");
  connection.AddFlags(app);
}

void ImportSettings::AddImportFlags(CLI::App& app) {
  app.add_flag("--skip-rejected", skip_rejected,
               "Import the other rows although some are rejected");
  app.add_option("--ttl", ttl_text_, "How long temporary passwords work")
      ->type_name("TIME")
      ->capture_default_str();
  app.add_option("--import-id", import_id, "The import's id, of an import that broke off")
      ->type_name("UUID");
  app.add_flag("--resume", resume, "Go on where the results file of --import-id ends");
  app.add_flag("--yes", yes, "Do not ask");
  app.add_option("--results", results_path, "Where results go [FILE.results.csv]")
      ->type_name("FILE")
      ->group(std::string(files_group));
  app.add_option("--rejects", rejects_path, "Where rejected records go [FILE.rejects.csv]")
      ->type_name("FILE")
      ->group(std::string(files_group));
}

absl::Status ImportSettings::CheckShared() {
  if (!organization.empty() && !OrganizationId::Parse(organization)) {
    return UsageError("--organization: \"" + organization +
                      "\" is no organization; lower-case letters, digits and . _ - are allowed");
  }
  // Without a file of its own, standard input has no place for its problems but
  // the folder one is in.
  if (problems_path.empty()) {
    problems_path = file == "-" ? (results_path.empty() ? "stdin" : results_path) : file;
    problems_path += ".problems.csv";
  }
  if (absl::Status status = CheckDialect(delimiter_text_, dialect); !status.ok()) return status;
  return ReadDurationFlag("--reconnect-timeout", reconnect_timeout_text_, reconnect_timeout);
}

absl::Status ImportSettings::CheckImport() {
  if (organization.empty()) return UsageError("which organization? Give --organization ORG");
  if (results_path.empty() && file == "-") {
    return UsageError("standard input has no name to put the results beside: give --results FILE");
  }
  if (absl::Status status = CheckShared(); !status.ok()) return status;
  if (absl::Status status = ReadTtlFlag(ttl_text_, ttl); !status.ok()) return status;
  const std::string& beside = file == "-" ? results_path : file;
  if (results_path.empty()) results_path = file + ".results.csv";
  if (rejects_path.empty()) rejects_path = beside + ".rejects.csv";
  if (results_path == problems_path || results_path == rejects_path ||
      problems_path == rejects_path) {
    return UsageError("--results, --problems and --rejects name the same file: give each its own");
  }
  import_id_given = !import_id.empty();
  if (resume && !import_id_given) {
    return UsageError("--resume needs --import-id: it stands in the first run's output");
  }
  if (!import_id_given) import_id = Uuid::NewV7(absl::Now()).ToString();
  if (!Uuid::Parse(import_id)) {
    return UsageError(
        "--import-id: \"" + import_id +
        "\" is not a UUID in lower case; it stands in the output of the first run. Leave "
        "it out to start a new import.");
  }
  return absl::OkStatus();
}

PasswordNeed ImportSettings::password_need() const {
  return generate_passwords || existing == "update" ? PasswordNeed::kOptional
                                                    : PasswordNeed::kRequired;
}

v1::ImportStart ImportSettings::Start() const {
  v1::ImportStart start;
  start.set_organization_id(organization);
  start.set_missing_password(generate_passwords ? v1::MISSING_PASSWORD_GENERATE
                                                : v1::MISSING_PASSWORD_REJECT);
  const auto choice = std::ranges::find(existing_choices, existing, &ExistingChoice::flag);
  if (choice != existing_choices.end()) start.set_existing_account(choice->value);
  if (ttl > absl::ZeroDuration()) {
    start.mutable_temporary_password_ttl()->set_seconds(absl::ToInt64Seconds(ttl));
  }
  start.set_source_name(SourceName(file));
  return start;
}

std::vector<std::string> ImportSettings::ChoiceArguments() const {
  std::vector<std::string> arguments;
  if (generate_passwords) Append(arguments, {"--generate-passwords"});
  if (existing != "report") Append(arguments, {"--existing", existing});
  // A check alone has not been told a time.
  const bool given = ttl > absl::ZeroDuration();
  if (given && ttl != limits::temporary_password_ttl_default)
    Append(arguments, {"--ttl", DurationFlag(ttl)});
  if (!delimiter_text_.empty()) Append(arguments, {"--delimiter", delimiter_text_});
  if (!dialect.encoding.empty()) Append(arguments, {"--encoding", dialect.encoding});
  return arguments;
}

std::string ImportSettings::ImportCommand(const std::string& path, bool with_skip_rejected) const {
  std::vector<std::string> arguments = {ProgramName(), "import", PathArgument(path),
                                        "--organization",
                                        organization.empty() ? "ORG" : organization};
  if (path == "-") Append(arguments, {"--results", results_path.empty() ? "FILE" : results_path});
  Append(arguments, ChoiceArguments());
  if (with_skip_rejected) Append(arguments, {"--skip-rejected"});
  if (!organization.empty()) Append(arguments, connection.Arguments());
  return ShellCommand(arguments);
}

std::string ImportSettings::ResumeCommand() const {
  std::vector<std::string> arguments = {ProgramName(),    "import",     PathArgument(file),
                                        "--organization", organization, "--import-id",
                                        import_id,        "--resume"};
  Append(arguments, ChoiceArguments());
  if (json) Append(arguments, {"--json"});
  const bool named = file != "-";
  if (!named || results_path != file + ".results.csv")
    Append(arguments, {"--results", PathArgument(results_path)});
  if (!named || problems_path != file + ".problems.csv")
    Append(arguments, {"--problems", PathArgument(problems_path)});
  if (!named || rejects_path != file + ".rejects.csv")
    Append(arguments, {"--rejects", PathArgument(rejects_path)});
  Append(arguments, connection.Arguments());
  return ShellCommand(arguments);
}

}  // namespace provisioning
