// SPDX-License-Identifier: Apache-2.0
// Accepts connections and hands them to whoever serves them, as gRPC cannot: its
// listener stops for ever at the first accept() that finds no free descriptor
// (CVE-2023-4785), and plain TCP connections are enough to bring that about.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>

#include "absl/status/statusor.h"
#include "service/listening/descriptor.h"
#include "service/listening/descriptor_limit.h"
#include "service/listening/listening_sockets.h"

namespace provisioning {

// A thread that accepts. Nothing ends it but Stop: whom it has no room for it
// accepts and closes, so that nobody waits for nothing.
class AcceptLoop {
 public:
  // Called on the loop's thread.
  struct Callbacks {
    // Takes over a connection, non-blocking.
    std::function<void(Descriptor connection)> take;
    // One was closed, because there are too many.
    std::function<void()> refuse;
  };

  // Accepts nobody yet. UNAVAILABLE with a sentence: no descriptor is left for what
  // it needs itself.
  static absl::StatusOr<std::unique_ptr<AcceptLoop>> Create(ListeningSockets sockets,
                                                            Callbacks callbacks);
  ~AcceptLoop();
  AcceptLoop(const AcceptLoop&) = delete;
  AcceptLoop& operator=(const AcceptLoop&) = delete;

  struct Options {
    // Connections have descriptors of it, and nobody else: as many are taken at a time
    // as it has. What others have opened in it counts as connections.
    DescriptorRange range;
    // A connection that has sent more is cut within moments; 0: none is.
    std::uint64_t connection_bytes_max = 0;
  };

  // Accepts from now on; once.
  void Start(const Options& options);
  // When it returns nobody is accepted any more, and no callback runs. One thread,
  // none of the callbacks'.
  void Stop();

  int port() const { return port_; }
  // Since the start. Any thread.
  std::int64_t accepted() const { return accepted_; }
  std::int64_t refused() const { return refused_; }

 private:
  AcceptLoop(ListeningSockets sockets, Callbacks callbacks);
  void Run();
  void CutWhoSentTooMuch() const;
  void AcceptFrom(int listener);
  void Answer(Descriptor connection);
  bool RefuseOne(int listener);
  // For a moment; Stop ends it.
  void Pause() const;

  ListeningSockets sockets_;
  const Callbacks callbacks_;
  const int port_;
  const Descriptor stop_;
  // Given up for a moment when there is no other one, to accept and close.
  Descriptor spare_;
  Options options_;  // From Start on.
  std::atomic<std::int64_t> accepted_ = 0;
  std::atomic<std::int64_t> refused_ = 0;
  std::thread thread_;
};

}  // namespace provisioning
