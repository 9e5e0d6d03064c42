// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "tests/support/postgres_message.h"
#include "tests/support/statement_faults.h"

namespace provisioning {

// Puts together what one client sends, until it is a request: a simple query, or
// everything up to a Sync. One thread.
class PostgresRequests {
 public:
  // Asked once for each statement, when it is to be carried out.
  using FaultOf = std::function<std::optional<StatementFault>(std::string_view sql)>;

  // What is to be done now.
  struct Step {
    std::string bytes;  // For the server.
    // Of a request, its part up to a Flush or its end. Else something that gets
    // no answer of its own, such as a row of COPY.
    bool is_request = true;
    bool is_whole = false;
    // Of one of its statements, for which kError has been seen to in `bytes`.
    std::optional<StatementFault> fault = std::nullopt;
    // It should have ended the transaction.
    bool failed_at_commit = false;
  };

  explicit PostgresRequests(FaultOf fault_of) : fault_of_(std::move(fault_of)) {}

  // Nothing: it waits for the rest of the request.
  std::optional<Step> Take(const PostgresMessage& message);

 private:
  void TakeQuery(const PostgresMessage& message);
  void TakeParse(const PostgresMessage& message);
  void TakeBind(const PostgresMessage& message);
  void Keep(const PostgresMessage& message);
  void AskForFault(const std::string& sql);
  bool Fails() const { return fault_ && fault_->kind == StatementFault::Kind::kError; }
  Step Give(bool is_whole);

  const FaultOf fault_of_;
  std::map<std::string, std::string> sql_of_;  // By the name of the statement.
  // Of the request that is being put together.
  std::string bytes_;
  // Where in bytes_ a Parse without a name begins, if nothing follows it yet.
  std::size_t parse_begin_ = std::string::npos;
  std::optional<StatementFault> fault_;
  bool failed_at_commit_ = false;
};

}  // namespace provisioning
