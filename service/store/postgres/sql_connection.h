// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "service/store/postgres/sql_result.h"
#include "service/store/postgres/sql_value.h"

struct pg_conn;

namespace provisioning {

struct SqlStatement {
  std::string_view sql;  // One statement.
  SqlParams params = {};
};

// One session with the server. Every wait has an end: a server that does not
// answer is as good as a lost connection. One thread at a time.
class SqlConnection {
 public:
  // Connects, to the first of the URL's hosts that takes writes, within
  // `connect_timeout` for each, and sets the session up. Refuses one that does
  // not keep what it commits: kStoreUnavailable, with a sentence that says why
  // and nothing of the URL's password.
  static absl::StatusOr<SqlConnection> Open(const std::string& url, absl::Duration connect_timeout);

  // Sends the statements in one go and returns what each gave, or the error of
  // the first that failed; those behind it were not done. `answer_timeout`: for
  // the server's next word.
  absl::StatusOr<std::vector<SqlResult>> Run(std::span<const SqlStatement> statements,
                                             absl::Duration answer_timeout);
  // The same for one.
  absl::StatusOr<SqlResult> Run(const SqlStatement& statement, absl::Duration answer_timeout);
  // COPY ... FROM STDIN: `next` appends what comes next, and returns false when that
  // was the end. Sends as it goes; all has to be sent within `answer_timeout`, and
  // answered within as much again.
  using NextBytes = std::function<bool(std::string& out)>;
  absl::Status CopyIn(std::string_view sql, const NextBytes& next, absl::Duration answer_timeout);
  // Any number of statements, without parameters and results, in a transaction
  // of the caller.
  absl::Status RunScript(const std::string& sql, absl::Duration answer_timeout);

  // How many statements of the last Run were done before the one that failed, as
  // far as the server said.
  std::size_t done() const { return done_; }
  // It is of no use any more.
  bool lost() const { return lost_; }
  // It is in no transaction, and may be used for another one.
  bool reusable() const;
  // The server said something about the last Run that is no error: after a
  // COMMIT, that it is not where it should be.
  const std::string& warning() const { return *warning_; }

 private:
  struct Close {
    void operator()(pg_conn* handle) const;
  };
  explicit SqlConnection(pg_conn* handle);

  absl::Status SetUp(absl::Duration answer_timeout);
  absl::Status Send(std::span<const SqlStatement> statements);
  // Waits until there is a result to take, sending what is left meanwhile.
  absl::Status WaitForResult(absl::Duration answer_timeout);
  // All results up to the pipeline's end, of which there are `count`.
  absl::StatusOr<std::vector<SqlResult>> TakeResults(std::size_t count,
                                                     absl::Duration answer_timeout);
  // Of simple queries: takes results up to the end.
  // Of simple queries: takes results up to the end. Returns the first failure,
  // which may have come before.
  absl::Status TakeEnd(absl::Duration answer_timeout, absl::Status failure = absl::OkStatus());
  // Waits until all that is to be sent has gone.
  absl::Status WaitToSend(absl::Time deadline);
  absl::Status Lost(const std::string& why);

  std::unique_ptr<pg_conn, Close> handle_;
  std::unique_ptr<std::string> warning_;  // In a place that stays.
  std::size_t done_ = 0;
  bool lost_ = false;
};

}  // namespace provisioning
