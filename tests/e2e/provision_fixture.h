// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/server_process.h"
#include "tests/support/temp_folder.h"

namespace provisioning {

std::string ReadFile(const std::string& path);
void WriteFile(const std::string& path, const std::string& content);

// The lines of a results file behind its header, each by the header's names.
// For files without a line end or the delimiter inside a cell.
class ResultLines {
 public:
  explicit ResultLines(const std::string& path, char delimiter = ',');

  std::size_t size() const { return lines_.size(); }
  // Empty: there is no such column.
  const std::string& cell(std::size_t line, const std::string& column) const;
  // That column of all lines.
  std::vector<std::string> column(const std::string& column) const;

 private:
  std::vector<std::string> columns_;
  std::vector<std::vector<std::string>> lines_;
};

// provision as people run it, against a real provisiond; on an embedded store, if
// the test says nothing else.
class ProvisionFixture : public testing::Test {
 protected:
  struct Ran {
    int exit_code = -1;
    std::string log;  // stdout and stderr.
  };

  // Starts it, or starts it again at the same address on the same store, with
  // these flags more.
  void StartServer(const std::vector<std::string>& flags = {});

  // What --store is told.
  virtual std::string store_address() const { return "sqlite:" + database_path_; }

  // Their paths.
  static std::string provision_program();
  static std::string provisiond_program();
  // `provision` with these arguments, against the server.
  std::unique_ptr<ServerProcess> Start(const std::vector<std::string>& arguments);
  Ran Run(const std::vector<std::string>& arguments);
  // import `file` for the organization "practice", asking nothing.
  std::unique_ptr<ServerProcess> StartImport(const std::string& file,
                                             const std::vector<std::string>& more = {});
  Ran Import(const std::string& file, const std::vector<std::string>& more = {});

  const TempFolder folder_;
  const std::string database_path_ = folder_.File("clients.db");
  std::string address_;
  std::unique_ptr<ServerProcess> server_;
};

}  // namespace provisioning
