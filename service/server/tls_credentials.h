// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "grpcpp/security/server_credentials.h"
#include "service/server/trust_config.h"

namespace provisioning {

// What a listener speaks: with TLS, callers must show a certificate that is valid, for
// clients, and vouched for by one of the authorities; nobody else gets past the
// handshake. The files are read again every second, for the handshakes that come
// then; connections that are there stay. Without TLS: plaintext.
//
// Certificate and key are two files: replace both at once, by a rename of their
// folder or of a link to it, more than a second after the change before. A pair that
// does not fit, or a file that is none, lets no new connection in until it is mended.
std::shared_ptr<grpc::ServerCredentials> MakeServerCredentials(const TrustConfig& config);

}  // namespace provisioning
