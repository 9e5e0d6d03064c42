// SPDX-License-Identifier: Apache-2.0
#include "client/exit_code.h"

namespace provisioning {

ExitCode ExitCodeOf(const RpcError& error) {
  // The answer is no.
  for (const char* reason : {"CLIENT_ACTIVE", "PASSWORD_REPLACED", "TOO_MANY_FAILURES"}) {
    if (error.reason == reason) return kExitSomeRefused;
  }
  switch (error.code) {
    case grpc::StatusCode::OK:
      return kExitAccepted;
    case grpc::StatusCode::NOT_FOUND:
      return kExitSomeRefused;
    case grpc::StatusCode::INVALID_ARGUMENT:
    case grpc::StatusCode::FAILED_PRECONDITION:
      return kExitUsage;
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
    case grpc::StatusCode::UNIMPLEMENTED:
      return kExitUnreachable;
    case grpc::StatusCode::PERMISSION_DENIED:
    case grpc::StatusCode::UNAUTHENTICATED:
      return kExitNotAllowed;
    default:
      return kExitBrokenOff;
  }
}

}  // namespace provisioning
