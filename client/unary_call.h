// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "client/connection.h"
#include "client/session/stream_error.h"

namespace provisioning {

// Asks the server one thing, and waits for the answer as long as --timeout says:
//
//   CallUnary(*stub, &Stub::GetImport, request, response)
template <typename Stub, typename Request, typename Response>
RpcError CallUnary(Stub& stub,
                   grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                   const Request& request, Response& response) {
  grpc::ClientContext context;
  SetUnaryDeadline(context);
  return ReadRpcError((stub.*method)(&context, request, &response));
}

}  // namespace provisioning
