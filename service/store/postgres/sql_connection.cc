// SPDX-License-Identifier: Apache-2.0
#include "service/store/postgres/sql_connection.h"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "absl/time/clock.h"
#include "service/model/error.h"
#include "service/store/postgres/sql_error.h"

namespace provisioning {
namespace {

// If this process, or its host, is gone without a word, its locks must go too.
constexpr std::string_view idle_limit_sql = "SET idle_in_transaction_session_timeout = '60s'";
// What takes longer ends in the server too, before this side gives it up: nothing is
// at work, or holds a lock, for somebody who has gone.
constexpr std::string_view statement_limit_sql = "SET statement_timeout = '9s'";
constexpr std::string_view lock_limit_sql = "SET lock_timeout = '6s'";
// Where the engine knows them. From PostgreSQL 14 on, who has gone is noticed. A batch
// is an array for each column: none of them goes through a file on its way. And every
// statement on a large table names keys that have an index, thousands of them at a
// time; left alone, the planner reads all clients of the organization instead.
constexpr std::string_view known_settings_sql =
    "SELECT set_config(name, value, false) FROM (VALUES "
    "('client_connection_check_interval', '2s'), ('work_mem', '32MB'), ('enable_seqscan', 'off'), "
    "('enable_bitmapscan', 'off'), ('enable_hashjoin', 'off'), ('enable_mergejoin', 'off'), "
    "('jit', 'off')) AS n (name, value) WHERE current_setting(name, true) IS NOT NULL";
constexpr std::string_view encoding_sql = "SET client_encoding = 'UTF8'";
// A relative that does not know a setting says NULL.
constexpr std::string_view session_sql =
    "SELECT current_setting('synchronous_commit', true), current_setting('fsync', true), "
    "pg_is_in_recovery(), current_setting('server_encoding', true)";

// The first line, without the place in the source.
std::string FirstLine(std::string_view text) {
  return std::string(text.substr(0, text.find('\n')));
}

// Of each host there is a line.
std::string InOneLine(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  std::ranges::replace(text, '\n', ';');
  return text;
}

// What names no values of rows.
absl::Status ErrorOf(const PGresult* result) {
  const char* const sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const char* const message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  return SqlError(sqlstate == nullptr ? "" : sqlstate,
                  "the database: " + (message == nullptr ? FirstLine(PQresultErrorMessage(result))
                                                         : std::string(message)));
}

void NoteWarning(void* text, const PGresult* result) {
  const char* const severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  const char* const message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  if (severity == nullptr || message == nullptr || std::string_view(severity) != "WARNING") return;
  *static_cast<std::string*>(text) = message;
}

// As good as no session.
absl::Status Refused(std::string_view why) { return SqlError("", why); }

// What is committed in this session is to stay.
absl::Status CheckSession(const SqlResult& session) {
  const auto is = [&session](int column, std::string_view value) {
    return !session.IsNull(0, column) && session.Text(0, column) == value;
  };
  if (session.Bool(0, 2)) {
    return SqlError("25006", "the database is a standby, which takes no writes");
  }
  if (is(0, "off")) {
    return Refused(
        "the database has synchronous_commit=off for this role or database: a client could be "
        "reported as created and be lost. Set it to on (or remote_apply)");
  }
  if (is(1, "off")) {
    return Refused(
        "the database has fsync=off: clients that were reported as created would be lost with "
        "the power. Set it to on");
  }
  if (!session.IsNull(0, 3) && !is(3, "UTF8")) {
    return Refused("the database has the encoding " + std::string(session.Text(0, 3)) +
                   "; make one with ENCODING 'UTF8'");
  }
  return absl::OkStatus();
}

}  // namespace

void SqlConnection::Close::operator()(pg_conn* handle) const { PQfinish(handle); }

SqlConnection::SqlConnection(pg_conn* handle)
    : handle_(handle), warning_(std::make_unique<std::string>()) {
  PQsetNoticeReceiver(handle, NoteWarning, warning_.get());
}

absl::StatusOr<SqlConnection> SqlConnection::Open(const std::string& url,
                                                  absl::Duration connect_timeout) {
  const std::string seconds = std::to_string(std::max<std::int64_t>(
      2, absl::ToInt64Seconds(absl::Ceil(connect_timeout, absl::Seconds(1)))));
  // What stands before the URL are defaults, which it may change; what stands
  // behind it holds.
  const char* const names[] = {"connect_timeout",
                               "target_session_attrs",
                               "tcp_user_timeout",
                               "keepalives_idle",
                               "keepalives_interval",
                               "keepalives_count",
                               "application_name",
                               "dbname",
                               nullptr};
  const char* const values[] = {seconds.c_str(), "read-write", "10000", "10", "5", "3",
                                "provisiond",    url.c_str(),  nullptr};
  SqlConnection connection(PQconnectdbParams(names, values, /*expand_dbname=*/1));
  pg_conn* const handle = connection.handle_.get();
  if (PQstatus(handle) != CONNECTION_OK) {
    return SqlError("", "cannot connect to the database: " + InOneLine(PQerrorMessage(handle)));
  }
  if (absl::Status status = connection.SetUp(connect_timeout); !status.ok()) return status;
  return connection;
}

absl::Status SqlConnection::SetUp(absl::Duration answer_timeout) {
  if (PQsetnonblocking(handle_.get(), 1) != 0 || PQenterPipelineMode(handle_.get()) != 1) {
    return Lost("setting a connection up");
  }
  const SqlStatement statements[] = {{encoding_sql},        {idle_limit_sql},     {lock_limit_sql},
                                     {statement_limit_sql}, {known_settings_sql}, {session_sql}};
  const auto results = Run(statements, answer_timeout);
  if (!results.ok()) return results.status();
  return CheckSession(results->back());
}

bool SqlConnection::reusable() const {
  return !lost_ && PQtransactionStatus(handle_.get()) == PQTRANS_IDLE;
}

absl::StatusOr<SqlResult> SqlConnection::Run(const SqlStatement& statement,
                                             absl::Duration answer_timeout) {
  auto results = Run(std::span(&statement, 1), answer_timeout);
  if (!results.ok()) return results.status();
  return std::move(results->front());
}

absl::StatusOr<std::vector<SqlResult>> SqlConnection::Run(std::span<const SqlStatement> statements,
                                                          absl::Duration answer_timeout) {
  warning_->clear();
  done_ = 0;
  if (absl::Status status = Send(statements); !status.ok()) return status;
  return TakeResults(statements.size(), answer_timeout);
}

absl::Status SqlConnection::Send(std::span<const SqlStatement> statements) {
  constexpr int binary = 1;
  for (const SqlStatement& statement : statements) {
    const SqlParams& params = statement.params;
    const std::vector<const char*> values = params.values();
    const std::vector<int> sizes = params.sizes();
    const std::vector<int> formats(values.size(), binary);
    const std::string sql(statement.sql);
    if (PQsendQueryParams(handle_.get(), sql.c_str(), params.count(), params.types(), values.data(),
                          sizes.data(), formats.data(), binary) != 1) {
      return Lost("sending a statement");
    }
  }
  return PQpipelineSync(handle_.get()) == 1 ? absl::OkStatus() : Lost("sending statements");
}

absl::Status SqlConnection::WaitForResult(absl::Duration answer_timeout) {
  const absl::Time deadline = absl::Now() + answer_timeout;
  while (true) {
    const int unsent = PQflush(handle_.get());
    if (unsent < 0) return Lost("sending statements");
    if (PQisBusy(handle_.get()) == 0) return absl::OkStatus();
    pollfd waiting{.fd = PQsocket(handle_.get()),
                   .events = static_cast<short>(POLLIN | (unsent > 0 ? POLLOUT : 0)),
                   .revents = 0};
    const auto left = absl::ToInt64Milliseconds(deadline - absl::Now());
    const int ready = left > 0 ? poll(&waiting, 1, static_cast<int>(left)) : 0;
    if (ready < 0 && errno != EINTR) return Lost("waiting for an answer");
    if (ready == 0) {
      return Lost("no answer within " + absl::FormatDuration(answer_timeout));
    }
    if ((waiting.revents & ~POLLOUT) != 0 && PQconsumeInput(handle_.get()) != 1) {
      return Lost("waiting for an answer");
    }
  }
}

absl::StatusOr<std::vector<SqlResult>> SqlConnection::TakeResults(std::size_t count,
                                                                  absl::Duration answer_timeout) {
  std::vector<SqlResult> results;
  results.reserve(count);
  absl::Status failure;
  while (true) {
    if (absl::Status status = WaitForResult(answer_timeout); !status.ok()) {
      // The server's last word says why it hung up.
      return failure.ok() ? status : failure;
    }
    PGresult* const result = PQgetResult(handle_.get());
    if (result == nullptr) {
      // Between the results of two statements, or for ever.
      if (PQstatus(handle_.get()) != CONNECTION_OK) {
        const absl::Status lost = Lost("waiting for an answer");
        return failure.ok() ? lost : failure;
      }
      continue;
    }
    const ExecStatusType kind = PQresultStatus(result);
    if (kind == PGRES_TUPLES_OK || kind == PGRES_COMMAND_OK) {
      results.emplace_back(result);
      ++done_;
      continue;
    }
    if (kind == PGRES_FATAL_ERROR && failure.ok()) failure = ErrorOf(result);
    PQclear(result);
    if (kind != PGRES_PIPELINE_SYNC) continue;
    if (FaultOf(failure) == SqlFault::kLost) lost_ = true;
    if (!failure.ok()) return failure;
    if (results.size() != count) return Lost("an answer is missing");
    return results;
  }
}

absl::Status SqlConnection::TakeEnd(absl::Duration answer_timeout, absl::Status failure) {
  while (true) {
    if (absl::Status status = WaitForResult(answer_timeout); !status.ok()) {
      return failure.ok() ? status : failure;
    }
    PGresult* const result = PQgetResult(handle_.get());
    if (result == nullptr) break;
    if (PQresultStatus(result) == PGRES_FATAL_ERROR && failure.ok()) failure = ErrorOf(result);
    PQclear(result);
  }
  if (PQstatus(handle_.get()) != CONNECTION_OK) {
    const absl::Status lost = Lost("waiting for an answer");
    return failure.ok() ? lost : failure;
  }
  if (PQenterPipelineMode(handle_.get()) != 1) return Lost("going on");
  if (FaultOf(failure) == SqlFault::kLost) lost_ = true;
  return failure;
}

absl::Status SqlConnection::RunScript(const std::string& sql, absl::Duration answer_timeout) {
  if (PQexitPipelineMode(handle_.get()) != 1 || PQsendQuery(handle_.get(), sql.c_str()) != 1) {
    return Lost("sending a script");
  }
  return TakeEnd(answer_timeout);
}

absl::Status SqlConnection::WaitToSend(absl::Time deadline) {
  while (true) {
    const int unsent = PQflush(handle_.get());
    if (unsent < 0) return Lost("sending rows");
    if (unsent == 0) return absl::OkStatus();
    pollfd waiting{.fd = PQsocket(handle_.get()), .events = POLLIN | POLLOUT, .revents = 0};
    const auto left = absl::ToInt64Milliseconds(deadline - absl::Now());
    const int ready = left > 0 ? poll(&waiting, 1, static_cast<int>(left)) : 0;
    if (ready < 0 && errno != EINTR) return Lost("sending rows");
    if (ready == 0) return Lost("the rows were not taken in time");
    // It may say that it wants no more.
    if ((waiting.revents & ~POLLOUT) != 0 && PQconsumeInput(handle_.get()) != 1) {
      return Lost("sending rows");
    }
  }
}

absl::Status SqlConnection::CopyIn(std::string_view sql, const NextBytes& next,
                                   absl::Duration answer_timeout) {
  const absl::Time deadline = absl::Now() + answer_timeout;
  if (PQexitPipelineMode(handle_.get()) != 1 ||
      PQsendQuery(handle_.get(), std::string(sql).c_str()) != 1) {
    return Lost("sending a COPY");
  }
  if (absl::Status status = WaitForResult(answer_timeout); !status.ok()) return status;
  PGresult* const begun = PQgetResult(handle_.get());
  const absl::Status refused =
      PQresultStatus(begun) == PGRES_COPY_IN ? absl::OkStatus() : ErrorOf(begun);
  PQclear(begun);
  if (!refused.ok()) return AsCopyError(TakeEnd(answer_timeout, refused));
  std::string bytes;
  for (bool more = true; more;) {
    bytes.clear();
    more = next(bytes);
    if (PQputCopyData(handle_.get(), bytes.data(), static_cast<int>(bytes.size())) != 1) {
      return Lost("sending rows");
    }
    if (absl::Status status = WaitToSend(deadline); !status.ok()) return status;
  }
  if (PQputCopyEnd(handle_.get(), nullptr) != 1) return Lost("sending rows");
  return AsCopyError(TakeEnd(answer_timeout));
}

absl::Status SqlConnection::Lost(const std::string& why) {
  lost_ = true;
  const std::string cause = FirstLine(PQerrorMessage(handle_.get()));
  return SqlError("", "the connection to the database was lost: " + why +
                          (cause.empty() ? "" : " (" + cause + ")"));
}

}  // namespace provisioning
