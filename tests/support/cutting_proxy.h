// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace provisioning {

// A TCP proxy that cuts its connections, each at a byte that was chosen before,
// so that a message may be torn in two. Any thread.
class CuttingProxy {
 public:
  struct Cut {
    bool to_server = false;        // In which direction the bytes are counted.
    std::int64_t after_bytes = 0;  // So many pass, and the next one does not.
  };
  // A connection that was cut, with what had passed by then.
  struct CutConnection {
    std::int64_t to_server = 0;
    std::int64_t to_client = 0;
  };
  // One that sends less takes no part in the plan: it asks something and goes.
  static constexpr std::int64_t planned_bytes_min = 16 << 10;

  // `target`: an IPv4 HOST:PORT.
  explicit CuttingProxy(const std::string& target);
  ~CuttingProxy();
  CuttingProxy(const CuttingProxy&) = delete;
  CuttingProxy& operator=(const CuttingProxy&) = delete;

  // HOST:PORT.
  const std::string& address() const { return address_; }
  // For the next connections, one each; nothing, or no plan: it is let be.
  void Plan(std::deque<std::optional<Cut>> plan);
  std::vector<CutConnection> cuts() const;
  // What clients have sent so far, over all connections.
  std::int64_t bytes_to_server() const;
  // From now on nothing passes, until the next call: a network that swallows.
  void Hold(bool hold);

 private:
  struct Connection;

  void Accept();
  void Serve(const std::shared_ptr<Connection>& connection);
  void Forward(Connection& connection, bool to_server);
  // How many of `count` bytes may pass; waits while nothing may.
  std::int64_t Allowed(Connection& connection, bool to_server, std::int64_t count);
  // True: it is to be cut now.
  bool Passed(Connection& connection, bool to_server, std::int64_t count);
  void Take(Connection& connection);
  void GiveBack(const Connection& connection);

  const std::string target_;
  const int listener_;
  const std::string address_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  // All below: guarded by mutex_.
  std::deque<std::optional<Cut>> plan_;
  std::vector<CutConnection> cuts_;
  std::vector<std::shared_ptr<Connection>> connections_;
  std::int64_t bytes_to_server_ = 0;
  bool hold_ = false;
  bool stopped_ = false;

  std::thread acceptor_;
  std::vector<std::thread> threads_;  // The acceptor's, and the destructor's behind it.
};

}  // namespace provisioning
