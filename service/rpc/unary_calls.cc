// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/unary_calls.h"

#include <utility>

#include "service/model/error.h"
#include "service/rpc/call_context.h"
#include "service/rpc/status_conversion.h"
#include "service/rpc/wiping_reactor.h"

namespace provisioning {

UnaryCalls::UnaryCalls(int threads, const OrganizationShares& shares,
                       const WaitingCalls::Limits& limits)
    : waiting_(limits), workers_(threads, shares) {}

grpc::ServerUnaryReactor* UnaryCalls::Run(grpc::CallbackServerContext& context,
                                          std::string_view organization_id, Work work) {
  SetSubject(context, organization_id);
  return RunFor(context.DefaultReactor(), organization_id, std::move(work));
}

grpc::ServerUnaryReactor* UnaryCalls::RunSecret(grpc::CallbackServerContext& context,
                                                std::string_view organization_id, Work work,
                                                std::function<void()> wipe) {
  SetSubject(context, organization_id);
  return RunFor(new WipingReactor(std::move(wipe)), organization_id, std::move(work));
}

void UnaryCalls::Post(std::string_view organization_id, WorkerPool::Task step) {
  workers_.Post(organization_id, std::move(step));
}

grpc::ServerUnaryReactor* UnaryCalls::RunFor(grpc::ServerUnaryReactor* reactor,
                                             std::string_view organization_id, Work work) {
  if (!waiting_.TryEnter(organization_id)) {
    reactor->Finish(ToGrpcStatus(
        MakeError(ErrorReason::kOverloaded, "too many requests wait; try again in a while")));
    return reactor;
  }
  workers_.Post(organization_id,
                [this, reactor, organization_id, work = std::move(work)]() mutable {
                  const absl::Status status = work();
                  waiting_.Leave(organization_id);
                  reactor->Finish(ToGrpcStatus(status));
                });
  return reactor;
}

}  // namespace provisioning
