// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libpq-fe.h>

#include <string>
#include <vector>

namespace provisioning {

// A test's own connection to a PostgreSQL database: for what the store's
// interface does not show. What goes wrong fails the test; nothing is waited for
// longer than a minute. One thread at a time.
class PostgresSession {
 public:
  // `url`: as libpq takes it.
  explicit PostgresSession(const std::string& url);
  ~PostgresSession();
  PostgresSession(const PostgresSession&) = delete;
  PostgresSession& operator=(const PostgresSession&) = delete;

  // Every row as one line, its cells joined by `|`; of several statements, those
  // of the last. Nothing of them is there if one fails.
  std::vector<std::string> Read(const std::string& sql);
  void Execute(const std::string& sql) { (void)Read(sql); }
  // The first line; empty: there is none.
  std::string ReadCell(const std::string& sql);
  // What went wrong, as SQLSTATE; empty: it went well. Fails no test. Without a
  // connection, or without an answer in time: 08006.
  std::string Try(const std::string& sql);

 private:
  PGresult* Run(const std::string& sql);

  PGconn* connection_;
};

}  // namespace provisioning
