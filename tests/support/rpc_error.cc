// SPDX-License-Identifier: Apache-2.0
#include "tests/support/rpc_error.h"

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace provisioning {
namespace {

std::string CodeName(grpc::StatusCode code) {
  static constexpr const char* names[] = {"OK",
                                          "CANCELLED",
                                          "UNKNOWN",
                                          "INVALID_ARGUMENT",
                                          "DEADLINE_EXCEEDED",
                                          "NOT_FOUND",
                                          "ALREADY_EXISTS",
                                          "PERMISSION_DENIED",
                                          "RESOURCE_EXHAUSTED",
                                          "FAILED_PRECONDITION",
                                          "ABORTED",
                                          "OUT_OF_RANGE",
                                          "UNIMPLEMENTED",
                                          "INTERNAL",
                                          "UNAVAILABLE",
                                          "DATA_LOSS",
                                          "UNAUTHENTICATED"};
  return names[code];
}

}  // namespace

std::string RpcError::Name() const {
  return reason.empty() ? CodeName(code) : CodeName(code) + " " + reason;
}

std::int64_t RpcError::settled_through_row() const {
  const auto found = metadata.find("settled_through_row");
  return found == metadata.end() ? -1 : std::stoll(found->second);
}

RpcError ReadRpcError(const grpc::Status& status) {
  RpcError error;
  error.code = status.error_code();
  error.message = status.error_message();
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) return error;
  for (const auto& any : details.details()) {
    google::rpc::ErrorInfo info;
    if (any.UnpackTo(&info)) {
      error.reason = info.reason();
      error.domain = info.domain();
      error.metadata = {info.metadata().begin(), info.metadata().end()};
    }
    google::rpc::RetryInfo retry;
    if (any.UnpackTo(&retry)) error.has_retry_info = retry.retry_delay().seconds() > 0;
  }
  return error;
}

std::ostream& operator<<(std::ostream& out, const RpcError& error) {
  out << error.Name() << ": " << error.message;
  for (const auto& [key, value] : error.metadata) out << " " << key << "=" << value;
  return out << (error.has_retry_info ? " (retry)" : "");
}

}  // namespace provisioning
