// SPDX-License-Identifier: Apache-2.0
#include "client/template_command.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "client/message.h"
#include "service/rules/import_schema.h"

namespace provisioning {
namespace {

int WriteTemplate(const std::string& path) {
  const std::string header = TemplateHeader() + "\n";
  if (path.empty() || path == "-") {
    const bool written = std::fputs(header.c_str(), stdout) >= 0 && std::fflush(stdout) == 0;
    return written ? kExitAccepted : Fail(kExitFile, "stdout cannot be written to");
  }
  const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor < 0 && errno == EEXIST) {
    return Fail(kExitUsage, path + " exists already and is not overwritten. Name another file.");
  }
  if (descriptor < 0) return Fail(kExitFile, path + ": " + strerror(errno));
  // Spreadsheets take a file for UTF-8 only by this mark.
  const std::string bytes = "\xEF\xBB\xBF" + header;
  const bool written = write(descriptor, bytes.data(), bytes.size()) == std::ssize(bytes);
  if (close(descriptor) != 0 || !written) return Fail(kExitFile, path + ": " + strerror(errno));
  Say(path + ": fill in one row per person, save as CSV UTF-8, and check it with\n  " +
      ShellCommand({"provision", "validate", path}));
  return kExitAccepted;
}

}  // namespace

void AddTemplateCommand(CLI::App& app, Command& chosen) {
  CLI::App* command = app.add_subcommand("template", "Write an empty CSV file with the header");
  const auto path = std::make_shared<std::string>();
  command->add_option("FILE", *path, "Where to; nothing: stdout");
  command->callback([path, &chosen] { chosen = [path] { return WriteTemplate(*path); }; });
}

}  // namespace provisioning
