// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <ostream>
#include <string>

#include "grpcpp/support/status.h"

namespace provisioning {

// A status with its details, as a caller reads them.
struct RpcError {
  grpc::StatusCode code = grpc::StatusCode::OK;
  std::string message;
  std::string reason;  // Empty: it has none.
  std::string domain;
  std::map<std::string, std::string> metadata;
  bool has_retry_info = false;

  // "INVALID_ARGUMENT START_MISSING": code and reason.
  std::string Name() const;
  // The metadata `settled_through_row`; -1: it has none.
  std::int64_t settled_through_row() const;
};

RpcError ReadRpcError(const grpc::Status& status);
// For gtest.
std::ostream& operator<<(std::ostream& out, const RpcError& error);

}  // namespace provisioning
