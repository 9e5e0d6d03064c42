// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <vector>

namespace provisioning {

// A connection of libpq, in either form of the protocol. One thread at a time.
class PostgresClient {
 public:
  explicit PostgresClient(const std::string& url, bool extended = true)
      : connection_(PQconnectdb(url.c_str())), extended_(extended) {
    PQsetNoticeProcessor(
        connection_, [](void*, const char*) {}, nullptr);
  }
  ~PostgresClient() { PQfinish(connection_); }
  PostgresClient(const PostgresClient&) = delete;
  PostgresClient& operator=(const PostgresClient&) = delete;

  PGconn* get() { return connection_; }
  bool connected() const { return PQstatus(connection_) == CONNECTION_OK; }
  PGTransactionStatusType transaction() const { return PQtransactionStatus(connection_); }

  // The first cell of the answer; `ok`: it has none; of an error its SQLSTATE, or
  // `lost`.
  std::string Run(const std::string& sql) {
    return AnswerOf(
        extended_ ? PQexecParams(connection_, sql.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0)
                  : PQexec(connection_, sql.c_str()));
  }

  // Sends them in front of one Sync, and answers as Run; `skipped`: because of an
  // error before it.
  std::vector<std::string> RunTogether(const std::vector<std::string>& statements) {
    PQenterPipelineMode(connection_);
    for (const std::string& sql : statements) {
      PQsendQueryParams(connection_, sql.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0);
    }
    PQpipelineSync(connection_);
    std::vector<std::string> answers;
    while (connected()) {
      PGresult* const result = PQgetResult(connection_);
      if (PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
        PQclear(result);
        break;
      }
      if (result != nullptr) answers.push_back(AnswerOf(result));
    }
    PQexitPipelineMode(connection_);
    return answers;
  }

  // Of the answer that it takes over.
  static std::string AnswerOf(PGresult* answer) {
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(answer, &PQclear);
    const ExecStatusType status = PQresultStatus(answer);
    if (status == PGRES_PIPELINE_ABORTED) return "skipped";
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {
      return PQntuples(answer) == 0 ? "ok" : PQgetvalue(answer, 0, 0);
    }
    const char* const state =
        answer == nullptr ? nullptr : PQresultErrorField(answer, PG_DIAG_SQLSTATE);
    return state == nullptr ? "lost" : state;
  }

 private:
  PGconn* const connection_;
  const bool extended_;
};

}  // namespace provisioning
