// SPDX-License-Identifier: Apache-2.0
// Accepts connections and hands them to whoever serves them, as gRPC cannot: its
// listener stops for ever at the first accept() that finds no free descriptor
// (CVE-2023-4785), and plain TCP connections are enough to bring that about.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>

#include "service/listening/descriptor.h"
#include "service/listening/listening_sockets.h"

namespace provisioning {

// A thread that accepts. Nothing ends it but Stop: whom it has no room for it
// accepts and closes, so that nobody waits for nothing.
//
// The kernel gives the lowest free descriptor, so that a high one says how many are
// open without counting who closes them.
class AcceptLoop {
 public:
  struct Options {
    // Connections at a time; 0: as many as the limit of descriptors allows.
    int connections_max = 0;
    // Of the process, see RaiseDescriptorLimit.
    int descriptor_limit = 0;
  };
  struct Callbacks {
    // Takes over a connection, non-blocking.
    std::function<void(Descriptor connection)> take;
    // One was closed, because there are too many.
    std::function<void()> refuse;
  };

  // Accepts from now on. The callbacks are called on the loop's thread.
  AcceptLoop(ListeningSockets sockets, const Options& options, Callbacks callbacks);
  ~AcceptLoop();
  AcceptLoop(const AcceptLoop&) = delete;
  AcceptLoop& operator=(const AcceptLoop&) = delete;

  // When it returns nobody is accepted any more, and no callback runs. One thread,
  // none of the callbacks'.
  void Stop();

  int port() const { return port_; }
  // What the limit of descriptors left of Options::connections_max. Descriptors that
  // others open later count as connections.
  int connections_max() const { return connections_max_; }
  // Since the start. Any thread.
  std::int64_t accepted() const { return accepted_; }
  std::int64_t refused() const { return refused_; }

 private:
  void Run();
  void AcceptFrom(int listener);
  void Answer(Descriptor connection);
  bool RefuseOne(int listener);
  // Whether Stop was called; waits a little for it.
  bool StopsWithin(int milliseconds) const;

  ListeningSockets sockets_;
  const Callbacks callbacks_;
  const int port_;
  // Given up for a moment when there is no other one, to accept and close.
  Descriptor spare_;
  const int connections_max_;
  const int descriptor_max_;  // Connections have lower ones.
  std::atomic<std::int64_t> accepted_ = 0;
  std::atomic<std::int64_t> refused_ = 0;
  const Descriptor stop_;
  std::thread thread_;
};

}  // namespace provisioning
