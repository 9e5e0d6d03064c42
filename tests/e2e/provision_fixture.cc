// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/provision_fixture.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace provisioning {

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

void WriteFile(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

ResultLines::ResultLines(const std::string& path, char delimiter) {
  const std::string text = ReadFile(path);
  for (absl::string_view line :
       absl::StrSplit(absl::StripPrefix(text, "\xEF\xBB\xBF"), '\n', absl::SkipEmpty())) {
    lines_.push_back(absl::StrSplit(absl::StripSuffix(line, "\r"), delimiter));
  }
  if (lines_.empty()) return;
  columns_ = lines_.front();
  lines_.erase(lines_.begin());
}

const std::string& ResultLines::cell(std::size_t line, const std::string& column) const {
  static const std::string none;
  const auto place =
      static_cast<std::size_t>(std::ranges::find(columns_, column) - columns_.begin());
  if (line >= lines_.size() || place >= lines_[line].size()) return none;
  return lines_[line][place];
}

std::vector<std::string> ResultLines::column(const std::string& column) const {
  std::vector<std::string> cells;
  for (std::size_t line = 0; line < size(); ++line) cells.push_back(cell(line, column));
  return cells;
}

void ProvisionFixture::StartServer(const std::vector<std::string>& flags) {
  std::vector<std::string> command = {PROVISIOND_PROGRAM,
                                      "serve",
                                      "--listen",
                                      address_.empty() ? "127.0.0.1:0" : address_,
                                      "--store",
                                      store_address(),
                                      "--insecure-loopback"};
  command.insert(command.end(), flags.begin(), flags.end());
  server_.reset();  // One at a time may have the database.
  server_ = std::make_unique<ServerProcess>(command);
  address_ = server_->WaitForAddress();
  ASSERT_FALSE(address_.empty()) << server_->log();
}

std::string ProvisionFixture::provision_program() { return PROVISION_PROGRAM; }

std::string ProvisionFixture::provisiond_program() { return PROVISIOND_PROGRAM; }

std::unique_ptr<ServerProcess> ProvisionFixture::Start(const std::vector<std::string>& arguments) {
  std::vector<std::string> command = {PROVISION_PROGRAM};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return std::make_unique<ServerProcess>(
      command, std::vector<std::string>{"PROVISION_SERVER=" + address_, "PROVISION_PLAINTEXT=1"});
}

ProvisionFixture::Ran ProvisionFixture::Run(const std::vector<std::string>& arguments) {
  const auto provision = Start(arguments);
  const int exit_code = provision->Wait(absl::Minutes(5)).value_or(-1);
  return {exit_code, provision->log()};
}

std::unique_ptr<ServerProcess> ProvisionFixture::StartImport(const std::string& file,
                                                             const std::vector<std::string>& more) {
  std::vector<std::string> arguments = {"import", file, "--organization", "practice", "--yes"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return Start(arguments);
}

ProvisionFixture::Ran ProvisionFixture::Import(const std::string& file,
                                               const std::vector<std::string>& more) {
  const auto provision = StartImport(file, more);
  const int exit_code = provision->Wait(absl::Minutes(5)).value_or(-1);
  return {exit_code, provision->log()};
}

}  // namespace provisioning
