// SPDX-License-Identifier: Apache-2.0
// What is wrong with certificates and keys, in words; gRPC only says that a handshake
// failed. INVALID_ARGUMENT with the end of a sentence about the file ("has no ...").
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace provisioning {

enum class CertificateUse { kServer, kClient };

// A chain whose first certificate is one's own: that it can be read, is valid at
// `now`, and is made for this use.
absl::Status CheckCertificate(const std::string& pem, CertificateUse use, absl::Time now);
// That it is a private key without a passphrase, and the one of that certificate, if
// that is one.
absl::Status CheckKey(const std::string& pem, const std::string& certificate_pem);
// That it has certificates, and one at least that is valid at `now`.
absl::Status CheckAuthorities(const std::string& pem, absl::Time now);

struct Validity {
  absl::Time begin;
  absl::Time end;
};
// Of each certificate up to the first that cannot be read.
std::vector<Validity> ValiditiesOf(const std::string& pem);

}  // namespace provisioning
