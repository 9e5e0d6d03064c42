// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace provisioning {

// A certificate and its key, in PEM.
struct Identity {
  std::string certificate;
  std::string key;
};

// A certificate authority of a test: makes certificates as good or bad as asked for.
class TestAuthority {
 public:
  struct Request {
    // Subject alternative names as OpenSSL writes them: "URI:spiffe://...", "DNS:...",
    // "IP:127.0.0.1". Empty: the certificate has none.
    std::vector<std::string> names = {};
    std::string extended_key_usage = "serverAuth,clientAuth";  // Empty: none is named.
    absl::Time begin = absl::Now() - absl::Hours(1);
    absl::Time end = absl::Now() + absl::Hours(1);
  };

  explicit TestAuthority(const std::string& name);
  ~TestAuthority();

  // Its own certificate, in PEM.
  const std::string& certificate() const { return certificate_; }
  Identity Issue(const Request& request) const;
  // One that nobody vouches for but itself.
  static Identity SelfSigned(const Request& request);

 private:
  struct Signer;

  static Identity Sign(const Request& request, const Signer* signer);

  std::unique_ptr<Signer> signer_;
  std::string certificate_;
};

}  // namespace provisioning
