// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/call_context.h"

#include "service/model/organization_id.h"
#include "service/model/uuid.h"

namespace provisioning {

void SetSubject(grpc::CallbackServerContext& context, std::string_view organization_id,
                std::string_view import_id) {
  auto* const call = dynamic_cast<CallContext*>(&context);
  if (call == nullptr) return;
  CallSubject subject;
  // Other text may be anything, a password in the wrong place too.
  if (OrganizationId::Parse(organization_id)) subject.organization_id = organization_id;
  const auto id = Uuid::Parse(import_id);
  if (id && !id->is_nil()) subject.import_id = import_id;
  call->SetSubject(std::move(subject));
}

}  // namespace provisioning
