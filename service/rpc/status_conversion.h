// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "grpcpp/support/status.h"

namespace provisioning {

// The status as a caller gets it: with google.rpc.ErrorInfo, and RetryInfo where
// waiting helps. `settled_through_row`: goes into the metadata unless negative.
// What is no error of ours becomes INTERNAL, without its text.
grpc::Status ToGrpcStatus(const absl::Status& status, std::int64_t settled_through_row = -1);

}  // namespace provisioning
