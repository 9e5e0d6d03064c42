// SPDX-License-Identifier: Apache-2.0
// An import of generated rows that goes through whatever a test does to it, and
// the check of what came of it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "tests/e2e/provision_fixture.h"
#include "tests/support/raw_database.h"

namespace provisioning {

// By address, the PHC strings of all clients.
using Credentials = std::map<std::string, std::string>;
Credentials ReadCredentials(RawDatabase& database);

// What is wrong with the results of an import of rows 1 to `rows` as WriteRows
// makes them, or of a reissue of it: each row has one line, in order, with this
// outcome, and its password is the one that the store holds for its client. A
// sentence per finding, some at most.
std::vector<std::string> AuditResults(const std::string& results_path,
                                      const Credentials& credentials, int rows,
                                      const std::string& outcome = "CREATED");

// The last command that `log` says goes on with the import; empty: none.
std::string ResumeCommandIn(const std::string& log);

class GeneratedImport : public ProvisionFixture {
 protected:
  // ROWS in the environment, else what takes some seconds; SEED in the
  // environment, else a random one, which is printed.
  GeneratedImport();
  // So many rows, unless the environment says ROWS.
  explicit GeneratedImport(int rows);

  void WriteRows();
  std::unique_ptr<ServerProcess> StartImport(const std::vector<std::string>& more = {});
  // The command as a shell takes it, in the place of the shell.
  static std::unique_ptr<ServerProcess> Shell(const std::string& command);

  // What the store holds of the one import that there is.
  struct Record {
    std::int64_t streams = 0;
    std::int64_t settled_through_row = 0;
    bool complete = false;
  };
  virtual Record ReadRecord();
  virtual Credentials ReadStoredCredentials();
  std::int64_t ResultsBytes() const;
  // False: `client` ended before the results file had so many bytes.
  bool WaitForResults(ServerProcess& client, std::int64_t bytes) const;
  // The same with whole lines behind the header.
  bool WaitForLines(ServerProcess& client, std::int64_t lines) const;
  std::int64_t CountLines() const;
  // Its exit code; minus one: it does not end.
  static int Wait(ServerProcess& client);
  // The import is complete, and everything is as it should be.
  void ExpectWhole();

  // From `from` to `to`, both included.
  std::int64_t Random(std::int64_t from, std::int64_t to);

  const int rows_;
  const std::string file_ = folder_.File("clients.csv");
  const std::string results_path_ = file_ + ".results.csv";

 private:
  std::mt19937_64 random_;
};

}  // namespace provisioning
