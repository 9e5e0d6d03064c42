// SPDX-License-Identifier: Apache-2.0
// The start of every call: who makes it, and whether they may. Asked before anything
// else is done for the call, the store included.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "grpcpp/server_context.h"
#include "service/model/caller.h"
#include "service/trust/access_control.h"

namespace provisioning {

// Who makes this call, if the policy knows them: the name in the certificate that
// the handshake has verified. Without a policy nobody proves a name:
// "unauthenticated". kCallerUnidentified, kNotAllowed.
absl::StatusOr<Caller> AdmitCaller(const grpc::CallbackServerContext& context,
                                   const AccessControl& access);

// The same, if they may also do this there. What the call is about stands in its log
// line, whoever it is. `organization_id`, `import_id`: as they came, or none.
absl::StatusOr<Caller> AdmitCaller(grpc::CallbackServerContext& context,
                                   const AccessControl& access, std::string_view organization_id,
                                   const VerbSet& verbs, std::string_view import_id = "");

// Who makes this call, known to the policy or not; "unauthenticated": nobody who
// proves a name.
std::string CallerNameForLog(const grpc::CallbackServerContext& context);

}  // namespace provisioning
