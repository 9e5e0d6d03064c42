// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "service/trust/pem_check.h"
#include "service/trust/policy_file.h"

namespace CLI {
class App;
}  // namespace CLI

namespace provisioning {

// The files that say who may call: all four of them, or none (plaintext).
struct TrustConfig {
  std::string certificate;  // PEM, the server's own first, then those between it and the CA.
  std::string key;          // PEM, without a passphrase.
  std::string client_ca;    // PEM, any number of authorities.
  std::string policy;       // JSON, see service/trust/policy.schema.json.

  bool tls() const { return !certificate.empty(); }
};

// Adds --tls-cert, --tls-key, --tls-client-ca and --policy.
void AddTrustFlags(CLI::App& command, TrustConfig& config);

// INVALID_ARGUMENT with a sentence that names the flag: some are there and some are
// not, or they come with --insecure-loopback, or there is neither.
absl::Status CheckTrustFlags(const TrustConfig& config, bool insecure_loopback);

// All that is wrong with the files that are given, each in a sentence with flag and path: what
// cannot be read, does not fit together, or is not valid at `now`.
std::vector<std::string> FindTrustProblems(const TrustConfig& config, absl::Time now);

// The same of the files of TLS alone, without the policy.
std::vector<std::string> FindTlsProblems(const TrustConfig& config, absl::Time now);

// Of the server's certificate, as its file is now; the beginning of 1970 for what cannot
// be read.
Validity CertificateValidity(const TrustConfig& config);
// When the first of the authorities expires; else the same.
absl::Time ClientCaExpiry(const TrustConfig& config);

// Gives `access` the policy, and each one that the file has later; logs what becomes
// of them. As PolicyFile::Open.
absl::StatusOr<std::unique_ptr<PolicyFile>> OpenPolicy(const TrustConfig& config,
                                                       AccessControl& access);

}  // namespace provisioning
