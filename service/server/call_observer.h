// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "grpcpp/support/server_interceptor.h"
#include "service/signals/metrics.h"

namespace provisioning {

// Sees every call of a server, of whatever service: gives it its CallOrigin, counts
// it and its messages, and logs its end. A stream or a failure is logged at "info", a
// unary call that went well, or one about health, at "debug". `metrics` outlives the
// server.
std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> MakeCallObserver(
    Metrics& metrics);

// The methods of a service that this program knows, in metrics from the start on, so
// that the first call of a method is an increase too.
void DeclareMethods(const std::string& service, Metrics& metrics);
// So all reasons for which a call may fail.
void DeclareErrors(Metrics& metrics);

}  // namespace provisioning
