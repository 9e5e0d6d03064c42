// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "tests/support/statement_faults.h"

namespace provisioning {

// A network between clients and a PostgreSQL server that loses statements or
// their answers, chosen by what the statements say. Any thread.
//
// A statement is a simple query (however many commands are in its text), or each
// Bind of an extended query. What a client sends up to its next Sync is one
// request: it is passed on when it is whole (or at a Flush), and a cut hits all
// of it, even if only its last statement was chosen.
//
// Limits: no TLS (asked for, it is declined), no replication, and no COPY in an
// extended query. An answer with an error is one that the server itself is
// made to raise in place of the statement, with severity ERROR: inside of a
// transaction that has already failed it is 25P02, and no session is ended by it
// (PostgresServer::TerminateBackend does that). After an error at COMMIT or END
// the session is in no transaction, and after any other as the server has it.
class PostgresProxy {
 public:
  using Fault = StatementFault::Kind;
  struct Counts {
    std::int64_t statements = 0;
    std::int64_t cuts = 0;
    std::int64_t errors = 0;
  };

  // `target`: an IPv4 HOST:PORT. `seed`: of what happens with a probability.
  explicit PostgresProxy(const std::string& target, std::uint64_t seed = 0);
  ~PostgresProxy();
  PostgresProxy(const PostgresProxy&) = delete;
  PostgresProxy& operator=(const PostgresProxy&) = delete;

  // HOST:PORT.
  const std::string& address() const { return address_; }
  // The URL of a server, with this address in place of the server's own.
  std::string UrlThrough(const std::string& url) const;

  // Cuts the connections of statements that contain this word, such as COMMIT.
  // For kCutAfterForwarding the server's answer is awaited, and thrown away.
  void CutAt(Fault where, std::string word, FaultTimes times = {});
  // Such statements do not reach the server; the client is told this SQLSTATE.
  void AnswerWithError(std::string sqlstate, std::string word, FaultTimes times = {});
  // From now on nothing more goes wrong.
  void ForgetFaults();
  // All connections that there are.
  void CutConnections();

  // From now on nothing passes, until the next call: a network that swallows.
  void Hold(bool hold);
  // For connections from now on: another server.
  void SetTarget(const std::string& target);

  Counts counts() const;

 private:
  class Connection;
  struct Service {
    std::weak_ptr<Connection> connection;  // Gone: the thread is about to end.
    std::thread thread = {};
  };

  void Accept();
  void JoinEnded();
  std::optional<StatementFault> FaultOf(std::string_view sql);
  void WaitWhileHeld(std::unique_lock<std::mutex>& lock);

  const int listener_;
  const std::string address_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  // All below: guarded by mutex_.
  std::string target_;
  StatementFaults faults_;
  Counts counts_;
  std::list<Service> services_;
  bool hold_ = false;
  bool stopped_ = false;

  std::thread acceptor_;
};

}  // namespace provisioning
