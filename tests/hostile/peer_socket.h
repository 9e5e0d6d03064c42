// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "service/listening/descriptor.h"

struct ssl_ctx_st;
struct ssl_st;

namespace provisioning {

// Whom to attack, and how to get past TLS if there is any.
struct HostileTarget {
  std::string address;  // An IPv4 HOST:PORT.
  // PEM files. Empty: plaintext.
  std::string certificate = {};
  std::string key = {};
};

// A client's certificate for all connections of a target. Who runs an attack trusts
// whatever answers.
using TlsContext = std::shared_ptr<ssl_ctx_st>;
// Null for plaintext.
TlsContext MakeTlsContext(const HostileTarget& target);

// One connection, byte by byte. Never blocks for longer than it is told; one thread.
class PeerSocket {
 public:
  // TCP alone, whatever the target speaks.
  explicit PeerSocket(const HostileTarget& target);
  // With TLS, if there is a context: waits for the handshake.
  PeerSocket(const HostileTarget& target, const TlsContext& tls);
  ~PeerSocket();
  PeerSocket(PeerSocket&&) noexcept;

  // The peer has closed, or never answered.
  bool is_gone() const { return gone_; }
  // Sends as much as can be sent within the timeout, and reads meanwhile, so that no
  // side waits for the other. Returns how much that was.
  std::size_t Send(std::string_view bytes, absl::Duration timeout = absl::Seconds(20));
  // Reads what has come, or comes within the timeout.
  void Receive(absl::Duration timeout);
  // What was read since the last call.
  std::string TakeReceived();

  int descriptor() const { return descriptor_.number(); }

 private:
  // Bytes; 0: none now; -1: the connection is gone.
  long WriteSome(std::string_view bytes);
  long ReadSome(char* bytes, std::size_t size);
  long Result(long result);
  void ReadAll();
  void Wait(short events, absl::Duration timeout) const;
  void ShakeHands();

  Descriptor descriptor_;
  std::unique_ptr<ssl_st, void (*)(ssl_st*)> tls_;
  bool gone_ = false;
  std::string received_;
};

}  // namespace provisioning
