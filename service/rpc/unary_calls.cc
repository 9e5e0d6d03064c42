// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/unary_calls.h"

#include <optional>
#include <utility>

#include "service/model/error.h"
#include "service/rpc/status_conversion.h"
#include "service/rpc/wiping_reactor.h"

namespace provisioning {

UnaryCalls::UnaryCalls(int threads, const OrganizationShares& shares,
                       const WaitingCalls::Limits& limits)
    : waiting_(limits), workers_(threads, shares) {}

grpc::ServerUnaryReactor* UnaryCalls::Run(grpc::CallbackServerContext& context,
                                          std::string_view organization_id, const Caller& caller,
                                          Work work) {
  return RunFor(context.DefaultReactor(), organization_id, caller, std::move(work));
}

grpc::ServerUnaryReactor* UnaryCalls::RunSecret(std::string_view organization_id,
                                                const Caller& caller, Work work,
                                                std::function<void()> wipe) {
  return RunFor(new WipingReactor(std::move(wipe)), organization_id, caller, std::move(work));
}

absl::StatusOr<WaitingCalls::Place> UnaryCalls::TryEnter(std::string_view organization_id,
                                                         const Caller& caller) {
  auto place = waiting_.TryEnter(organization_id, caller.name);
  if (place) return *std::move(place);
  return MakeError(ErrorReason::kOverloaded, "too many requests wait; try again in a while");
}

void UnaryCalls::Post(std::string_view organization_id, WorkerPool::Task step) {
  workers_.Post(organization_id, std::move(step));
}

grpc::ServerUnaryReactor* UnaryCalls::RunFor(grpc::ServerUnaryReactor* reactor,
                                             std::string_view organization_id, const Caller& caller,
                                             Work work) {
  auto place = TryEnter(organization_id, caller);
  if (!place.ok()) {
    reactor->Finish(ToGrpcStatus(place.status()));
    return reactor;
  }
  workers_.Post(organization_id, [reactor, place = std::optional(*std::move(place)),
                                  work = std::move(work)]() mutable {
    const absl::Status status = work();
    place.reset();  // Before the caller can know that the call has ended.
    reactor->Finish(ToGrpcStatus(status));
  });
  return reactor;
}

}  // namespace provisioning
