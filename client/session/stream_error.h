// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/support/status.h>

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"

namespace provisioning {

// How an RPC failed, with what the server said about it.
struct RpcError {
  grpc::StatusCode code = grpc::StatusCode::OK;
  std::string message = {};
  std::string reason = {};  // An ErrorReason without its prefix; empty: none was given.
  std::string field = {};   // The option or field to blame; empty: none.
  std::optional<std::int64_t> settled_through_row = std::nullopt;
  absl::Duration retry_delay = absl::ZeroDuration();

  bool ok() const { return code == grpc::StatusCode::OK; }
};

RpcError ReadRpcError(const grpc::Status& status);

// What an import does when its stream has ended with an error.
enum class AfterError {
  kResume,       // Wait, and send what has no result yet again.
  kStoreBehind,  // The same, after forgetting what the store has lost.
  kStop,         // It will not get better by itself.
};
AfterError AfterErrorOf(const RpcError& error);

// The server may have done what it was asked, although its answer did not come.
bool FateUnknown(const RpcError& error);

// A sentence for people.
std::string DescribeRpcError(const RpcError& error);

}  // namespace provisioning
