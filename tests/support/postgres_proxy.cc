// SPDX-License-Identifier: Apache-2.0
#include "tests/support/postgres_proxy.h"

#include <sys/socket.h>
#include <unistd.h>

#include <deque>
#include <utility>

#include "tests/support/postgres_message.h"
#include "tests/support/postgres_requests.h"
#include "tests/support/tcp_socket.h"

namespace provisioning {

// A client and its session. Each direction has a thread.
class PostgresProxy::Connection {
 public:
  Connection(PostgresProxy& proxy, int client, int server)
      : proxy_(proxy), client_(client), server_(server) {}
  ~Connection() {
    close(client_);
    close(server_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void Serve();
  void Shut() const {
    shutdown(client_, SHUT_RDWR);
    shutdown(server_, SHUT_RDWR);
  }

 private:
  // What becomes of all the server says until its next ReadyForQuery.
  enum class Answer { kPassed, kDropped, kDroppedAndCut, kWithoutReady, kOnlyReady };

  // False, of these three: the client is not listened to any more.
  bool Start(PostgresReader& reader);
  bool Take(const PostgresRequests::Step& step);
  bool Cut(const PostgresRequests::Step& step);
  bool Request(const std::string& bytes, Answer answer, bool is_whole);

  void ForwardAnswers();
  // False: the connection ends.
  bool ForwardAnswer(const PostgresMessage& message);
  void CountCut();

  PostgresProxy& proxy_;
  const int client_;
  const int server_;

  // Guarded by the proxy's mutex_: for each request that the server has got, in
  // order, and whether it has got all of the last one.
  std::deque<Answer> expected_;
  bool last_is_whole_ = true;
};

void PostgresProxy::Connection::Serve() {
  PostgresReader reader(client_);
  PostgresRequests requests([this](std::string_view sql) { return proxy_.FaultOf(sql); });
  if (Start(reader)) {
    std::thread answers([this] { ForwardAnswers(); });
    bool go_on = true;
    while (go_on) {
      const std::optional<PostgresMessage> message = reader.Read();
      if (!message) Shut();
      const auto step = message ? requests.Take(*message) : std::nullopt;
      go_on = message && (!step || Take(*step));
    }
    answers.join();
  }
  Shut();
}

bool PostgresProxy::Connection::Start(PostgresReader& reader) {
  while (const std::optional<std::string> start = reader.ReadStart()) {
    const std::uint32_t code = NumberAt(*start, 4);
    if (code == cancel_request) return SendAll(server_, *start);
    if (code != ssl_request && code != gss_request) return Request(*start, Answer::kPassed, true);
    if (!SendAll(client_, "N")) return false;
  }
  return false;
}

bool PostgresProxy::Connection::Take(const PostgresRequests::Step& step) {
  if (!step.is_request) {
    std::unique_lock lock(proxy_.mutex_);
    proxy_.WaitWhileHeld(lock);
    lock.unlock();
    return SendAll(server_, step.bytes);
  }
  if (step.fault && step.fault->kind != Fault::kError) return Cut(step);
  const bool rolls_back = step.failed_at_commit && step.is_whole;
  const Answer answer = rolls_back ? Answer::kWithoutReady : Answer::kPassed;
  if (!Request(step.bytes, answer, step.is_whole)) return false;
  return !rolls_back || Request(QueryMessage("ROLLBACK"), Answer::kOnlyReady, true);
}

bool PostgresProxy::Connection::Cut(const PostgresRequests::Step& step) {
  if (step.fault->kind == Fault::kCutBeforeForwarding) {
    CountCut();
    Shut();
    return false;
  }
  const bool waits = step.fault->kind == Fault::kCutAfterForwarding;
  const Answer answer = !step.is_whole ? Answer::kPassed
                        : waits        ? Answer::kDroppedAndCut
                                       : Answer::kDropped;
  if (!Request(step.bytes, answer, step.is_whole) || !step.is_whole) return !step.is_whole;
  if (!waits) {
    CountCut();
    shutdown(client_, SHUT_RDWR);
    // It still reads all that it was sent.
    shutdown(server_, SHUT_WR);
  }
  return false;
}

bool PostgresProxy::Connection::Request(const std::string& bytes, Answer answer, bool is_whole) {
  {
    std::unique_lock lock(proxy_.mutex_);
    proxy_.WaitWhileHeld(lock);
    if (last_is_whole_) expected_.push_back(answer);
    expected_.back() = answer;
    last_is_whole_ = is_whole;
  }
  return SendAll(server_, bytes);
}

void PostgresProxy::Connection::ForwardAnswers() {
  PostgresReader reader(server_);
  while (const std::optional<PostgresMessage> message = reader.Read()) {
    if (!ForwardAnswer(*message)) break;
  }
  Shut();
}

bool PostgresProxy::Connection::ForwardAnswer(const PostgresMessage& message) {
  const bool is_ready = message.type() == ready_for_query;
  std::unique_lock lock(proxy_.mutex_);
  proxy_.WaitWhileHeld(lock);
  const Answer answer = expected_.empty() ? Answer::kPassed : expected_.front();
  if (is_ready && !expected_.empty()) expected_.pop_front();
  lock.unlock();
  switch (answer) {
    case Answer::kDropped:
      return true;
    case Answer::kDroppedAndCut:
      if (is_ready) CountCut();
      return !is_ready;
    case Answer::kPassed:
      return SendAll(client_, message.bytes);
    case Answer::kWithoutReady:
      return is_ready || SendAll(client_, message.bytes);
    case Answer::kOnlyReady:
      return !is_ready || SendAll(client_, message.bytes);
  }
  return false;
}

void PostgresProxy::Connection::CountCut() {
  const std::lock_guard lock(proxy_.mutex_);
  ++proxy_.counts_.cuts;
}

PostgresProxy::PostgresProxy(const std::string& target, std::uint64_t seed)
    : listener_(ListenOnLoopback()),
      address_(AddressOf(listener_)),
      target_(target),
      faults_(seed),
      acceptor_([this] { Accept(); }) {}

PostgresProxy::~PostgresProxy() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    shutdown(listener_, SHUT_RDWR);
  }
  changed_.notify_all();
  CutConnections();
  acceptor_.join();
  for (Service& service : services_) service.thread.join();
  close(listener_);
}

std::string PostgresProxy::UrlThrough(const std::string& url) const {
  const std::size_t begin = url.find('@') + 1;
  return url.substr(0, begin) + address_ + url.substr(url.find('/', begin));
}

void PostgresProxy::CutAt(Fault where, std::string word, FaultTimes times) {
  const std::lock_guard lock(mutex_);
  faults_.Add({.kind = where}, std::move(word), times);
}

void PostgresProxy::AnswerWithError(std::string sqlstate, std::string word, FaultTimes times) {
  const std::lock_guard lock(mutex_);
  faults_.Add({.kind = Fault::kError, .sqlstate = std::move(sqlstate)}, std::move(word), times);
}

void PostgresProxy::ForgetFaults() {
  const std::lock_guard lock(mutex_);
  faults_.Clear();
}

void PostgresProxy::CutConnections() {
  const std::lock_guard lock(mutex_);
  for (const Service& service : services_) {
    if (const auto connection = service.connection.lock()) connection->Shut();
  }
}

void PostgresProxy::Hold(bool hold) {
  const std::lock_guard lock(mutex_);
  hold_ = hold;
  changed_.notify_all();
}

void PostgresProxy::SetTarget(const std::string& target) {
  const std::lock_guard lock(mutex_);
  target_ = target;
}

PostgresProxy::Counts PostgresProxy::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

void PostgresProxy::Accept() {
  while (true) {
    const int client = AcceptFrom(listener_);
    if (client < 0) return;
    const std::lock_guard lock(mutex_);
    const int server = stopped_ ? -1 : ConnectTo(target_);
    if (server < 0) {
      close(client);
      continue;
    }
    JoinEnded();
    auto connection = std::make_shared<Connection>(*this, client, server);
    services_.push_back({.connection = connection});
    services_.back().thread = std::thread([connection = std::move(connection)]() mutable {
      connection->Serve();
      connection.reset();
    });
  }
}

void PostgresProxy::JoinEnded() {
  for (auto service = services_.begin(); service != services_.end();) {
    const bool ended = service->connection.expired();
    if (ended) service->thread.join();
    service = ended ? services_.erase(service) : std::next(service);
  }
}

std::optional<StatementFault> PostgresProxy::FaultOf(std::string_view sql) {
  const std::lock_guard lock(mutex_);
  ++counts_.statements;
  std::optional<StatementFault> fault = faults_.Next(sql);
  if (fault && fault->kind == Fault::kError) ++counts_.errors;
  return fault;
}

void PostgresProxy::WaitWhileHeld(std::unique_lock<std::mutex>& lock) {
  changed_.wait(lock, [this] { return !hold_ || stopped_; });
}

}  // namespace provisioning
