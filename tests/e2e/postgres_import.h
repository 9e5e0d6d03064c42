// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/strings/str_split.h"
#include "tests/e2e/generated_import.h"
#include "tests/support/postgres_database.h"
#include "tests/support/postgres_session.h"

namespace provisioning {

// A GeneratedImport whose server is on a PostgreSQL of the test's own.
class PostgresImport : public GeneratedImport {
 protected:
  using GeneratedImport::GeneratedImport;

  std::string store_address() const override { return url_; }
  Record ReadRecord() override {
    const std::string line =
        PostgresSession(url_).ReadCell("SELECT epoch, settled_through_row, state FROM import");
    if (line.empty()) return {};
    const std::vector<std::string> cells = absl::StrSplit(line, '|');
    return {std::stoll(cells[0]), std::stoll(cells[1]), cells[2] == "2"};
  }
  Credentials ReadStoredCredentials() override {
    Credentials credentials;
    for (const std::string& line :
         PostgresSession(url_).Read("SELECT email_address, credential FROM client")) {
      const std::size_t bar = line.find('|');
      credentials[line.substr(0, bar)] = line.substr(bar + 1);
    }
    return credentials;
  }

  PostgresServer postgres_;
  std::string url_ = NewMigratedDatabase(postgres_);
};

}  // namespace provisioning
