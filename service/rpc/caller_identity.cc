// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/caller_identity.h"

#include <string>
#include <vector>

#include "grpc/grpc_security_constants.h"
#include "grpcpp/security/auth_context.h"
#include "service/rpc/call_context.h"
#include "service/trust/caller_name.h"

namespace provisioning {
namespace {

constexpr char unauthenticated[] = "unauthenticated";

std::vector<std::string> NamesOf(const grpc::AuthContext& peer, const char* property) {
  std::vector<std::string> names;
  for (const grpc::string_ref& name : peer.FindPropertyValues(property)) {
    names.emplace_back(name.data(), name.size());
  }
  return names;
}

absl::StatusOr<Caller> Identify(const grpc::CallbackServerContext& context) {
  const auto peer = context.auth_context();
  return IdentifyCaller(NamesOf(*peer, GRPC_PEER_URI_PROPERTY_NAME),
                        NamesOf(*peer, GRPC_PEER_DNS_PROPERTY_NAME));
}

template <typename Check>
absl::StatusOr<Caller> Admit(const grpc::CallbackServerContext& context,
                             const AccessControl& access, Check check) {
  if (!access.has_policy()) return Caller{unauthenticated};
  auto caller = Identify(context);
  if (!caller.ok()) return caller;
  if (absl::Status status = check(*caller); !status.ok()) return status;
  return caller;
}

}  // namespace

absl::StatusOr<Caller> AdmitCaller(const grpc::CallbackServerContext& context,
                                   const AccessControl& access) {
  return Admit(context, access, [&](const Caller& caller) { return access.CheckKnown(caller); });
}

absl::StatusOr<Caller> AdmitCaller(grpc::CallbackServerContext& context,
                                   const AccessControl& access, std::string_view organization_id,
                                   const VerbSet& verbs, std::string_view import_id) {
  SetSubject(context, organization_id, import_id);
  return Admit(context, access,
               [&](const Caller& caller) { return access.Check(caller, organization_id, verbs); });
}

std::string CallerNameForLog(const grpc::CallbackServerContext& context) {
  const auto caller = Identify(context);
  return caller.ok() ? caller->name : unauthenticated;
}

}  // namespace provisioning
