// SPDX-License-Identifier: Apache-2.0
#include "tests/support/postgres_session.h"

#include <poll.h>

#include <algorithm>
#include <memory>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace provisioning {
namespace {

constexpr char no_connection[] = "08006";

struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, Clear>;

// False: it has not come.
bool WaitForAnswer(PGconn* connection, absl::Time deadline) {
  while (PQisBusy(connection) == 1) {
    pollfd readable{PQsocket(connection), POLLIN, 0};
    const auto left = absl::ToInt64Milliseconds(deadline - absl::Now());
    if (poll(&readable, 1, static_cast<int>(std::max<std::int64_t>(left, 0))) != 1) return false;
    // It may have been told why before the connection went.
    if (PQconsumeInput(connection) == 0) return true;
  }
  return true;
}

bool WentWell(const PGresult* result) {
  const ExecStatusType status = PQresultStatus(result);
  return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY;
}

std::string LineOf(const PGresult* result, int row) {
  std::string line;
  for (int column = 0; column < PQnfields(result); ++column) {
    if (column > 0) line += "|";
    line += PQgetvalue(result, row, column);
  }
  return line;
}

}  // namespace

PostgresSession::PostgresSession(const std::string& url) {
  const char* const names[] = {"dbname", "connect_timeout", nullptr};
  const char* const values[] = {url.c_str(), "60", nullptr};
  connection_ = PQconnectdbParams(names, values, /*expand_dbname=*/1);
  EXPECT_EQ(PQstatus(connection_), CONNECTION_OK) << PQerrorMessage(connection_);
  // Notices are of no interest.
  PQsetNoticeProcessor(
      connection_, [](void*, const char*) {}, nullptr);
}

PostgresSession::~PostgresSession() { PQfinish(connection_); }

// The last answer, or the first that tells of an error; null: there was none in
// time.
PGresult* PostgresSession::Run(const std::string& sql) {
  if (PQsendQuery(connection_, sql.c_str()) == 0) return nullptr;
  const absl::Time deadline = absl::Now() + absl::Minutes(1);
  Result last;
  while (true) {
    if (!WaitForAnswer(connection_, deadline)) return nullptr;
    Result next(PQgetResult(connection_));
    if (next == nullptr) return last.release();
    if (last == nullptr || WentWell(last.get())) last = std::move(next);
  }
}

std::vector<std::string> PostgresSession::Read(const std::string& sql) {
  const Result result(Run(sql));
  std::vector<std::string> lines;
  if (!WentWell(result.get())) {
    ADD_FAILURE() << sql << ": "
                  << (result ? PQresultErrorMessage(result.get()) : PQerrorMessage(connection_))
                  << "(or no answer in time)";
    return lines;
  }
  for (int row = 0; row < PQntuples(result.get()); ++row) {
    lines.push_back(LineOf(result.get(), row));
  }
  return lines;
}

std::string PostgresSession::ReadCell(const std::string& sql) {
  const std::vector<std::string> lines = Read(sql);
  return lines.empty() ? "" : lines.front();
}

std::string PostgresSession::Try(const std::string& sql) {
  const Result result(Run(sql));
  if (WentWell(result.get())) return "";
  const char* const state =
      result == nullptr ? nullptr : PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
  return state == nullptr ? no_connection : state;
}

}  // namespace provisioning
