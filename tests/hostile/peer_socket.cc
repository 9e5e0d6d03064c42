// SPDX-License-Identifier: Apache-2.0
#include "tests/hostile/peer_socket.h"

#include <fcntl.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "absl/time/clock.h"
#include "tests/support/require.h"
#include "tests/support/tcp_socket.h"

namespace provisioning {
namespace {

constexpr absl::Duration handshake_max = absl::Seconds(20);
// How HTTP/2 is asked for in a handshake.
constexpr unsigned char http2[] = {2, 'h', '2'};

int Milliseconds(absl::Duration duration) {
  return static_cast<int>(absl::ToInt64Milliseconds(duration)) + 1;
}

}  // namespace

TlsContext MakeTlsContext(const HostileTarget& target) {
  if (target.certificate.empty()) return nullptr;
  const TlsContext context(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
  Require(SSL_CTX_use_certificate_chain_file(context.get(), target.certificate.c_str()) == 1 &&
              SSL_CTX_use_PrivateKey_file(context.get(), target.key.c_str(), SSL_FILETYPE_PEM) == 1,
          "the client's certificate and key");
  SSL_CTX_set_alpn_protos(context.get(), http2, sizeof(http2));
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  return context;
}

PeerSocket::PeerSocket(const HostileTarget& target) : PeerSocket(target, nullptr) {}

PeerSocket::PeerSocket(const HostileTarget& target, const TlsContext& tls)
    : descriptor_(ConnectTo(target.address)), tls_(nullptr, &SSL_free) {
  gone_ = !descriptor_.is_open();
  if (gone_) return;
  fcntl(descriptor_.number(), F_SETFL, O_NONBLOCK);
  if (!tls) return;
  tls_.reset(SSL_new(tls.get()));
  SSL_set_fd(tls_.get(), descriptor_.number());
  ShakeHands();
}

PeerSocket::~PeerSocket() = default;
PeerSocket::PeerSocket(PeerSocket&&) noexcept = default;

void PeerSocket::ShakeHands() {
  const absl::Time deadline = absl::Now() + handshake_max;
  while (true) {
    const int result = SSL_connect(tls_.get());
    if (result == 1) return;
    const int error = SSL_get_error(tls_.get(), result);
    if ((error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) || absl::Now() > deadline) {
      gone_ = true;
      return;
    }
    Wait(error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, deadline - absl::Now());
  }
}

std::size_t PeerSocket::Send(std::string_view bytes, absl::Duration timeout) {
  const absl::Time deadline = absl::Now() + timeout;
  std::size_t sent = 0;
  while (sent < bytes.size() && !gone_) {
    const long count = WriteSome(bytes.substr(sent));
    if (count > 0) sent += static_cast<std::size_t>(count);
    ReadAll();
    if (count > 0 || gone_) continue;
    if (absl::Now() > deadline) break;
    Wait(POLLIN | POLLOUT, deadline - absl::Now());
  }
  return sent;
}

void PeerSocket::Receive(absl::Duration timeout) {
  if (gone_) return;
  const std::size_t before = received_.size();
  ReadAll();
  if (gone_ || received_.size() > before) return;
  Wait(POLLIN, timeout);
  ReadAll();
}

std::string PeerSocket::TakeReceived() { return std::exchange(received_, {}); }

long PeerSocket::WriteSome(std::string_view bytes) {
  if (tls_) {
    return Result(SSL_write(tls_.get(), bytes.data(),
                            static_cast<int>(std::min<std::size_t>(bytes.size(), 1 << 20))));
  }
  return Result(send(descriptor_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL));
}

long PeerSocket::ReadSome(char* bytes, std::size_t size) {
  if (tls_) return Result(SSL_read(tls_.get(), bytes, static_cast<int>(size)));
  const long count = recv(descriptor_.number(), bytes, size, 0);
  return count == 0 ? -1 : Result(count);
}

long PeerSocket::Result(long result) {
  if (result > 0) return result;
  if (tls_) {
    const int error = SSL_get_error(tls_.get(), static_cast<int>(result));
    return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? 0 : -1;
  }
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? 0 : -1;
}

void PeerSocket::ReadAll() {
  char bytes[16 << 10];
  long count = 0;
  while ((count = ReadSome(bytes, sizeof(bytes))) > 0) {
    received_.append(bytes, static_cast<std::size_t>(count));
  }
  if (count < 0) gone_ = true;
}

void PeerSocket::Wait(short events, absl::Duration timeout) const {
  pollfd wait{descriptor_.number(), events, 0};
  poll(&wait, 1, Milliseconds(std::max(timeout, absl::ZeroDuration())));
}

}  // namespace provisioning
