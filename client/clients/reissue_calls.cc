// SPDX-License-Identifier: Apache-2.0
#include "client/clients/reissue_calls.h"

#include <algorithm>
#include <chrono>
#include <random>
#include <string_view>
#include <utility>

#include "absl/time/clock.h"
#include "client/connection.h"
#include "client/session/row_wire.h"

namespace provisioning {
namespace {

constexpr absl::Duration reconnect_wait_first = absl::Milliseconds(250);
constexpr absl::Duration reconnect_wait_longest = absl::Seconds(10);
constexpr absl::Duration reissue_tick = absl::Milliseconds(100);

// The server's answer is that this client gets no password: somebody was faster.
bool IsAnswer(const RpcError& error) {
  constexpr std::string_view reasons[] = {"PASSWORD_REPLACED", "CLIENT_ACTIVE", "CLIENT_NOT_FOUND"};
  return error.ok() || std::ranges::find(reasons, error.reason) != std::end(reasons);
}

}  // namespace

struct ReissueCalls::Call {
  const ClientToReissue* client = nullptr;
  bool in_doubt = false;   // An earlier try may have done it, or may do it yet.
  bool under_way = false;  // Guarded by mutex_; what is below is another thread's meanwhile.
  std::unique_ptr<grpc::ClientContext> context;
  v1::ReissueTemporaryPasswordRequest request;
  v1::ReissueTemporaryPasswordResponse response;
  RpcError error;
};

ReissueCalls::ReissueCalls(std::function<std::unique_ptr<Stub>()> connect, Options options,
                           Events events, const Interrupt& interrupt)
    : connect_(std::move(connect)),
      options_(std::move(options)),
      events_(std::move(events)),
      interrupt_(interrupt),
      backoff_(reconnect_wait_first, reconnect_wait_longest, std::random_device()()) {}

ReissueCalls::~ReissueCalls() = default;

bool ReissueCalls::Stopped() const {
  return interrupt_.requested() || !end_.error.ok() || !end_.failure.ok();
}

ReissueCalls::End ReissueCalls::Run(std::span<const ClientToReissue> clients) {
  stub_ = connect_();
  while (!Stopped()) {
    if (trouble_.ok()) StartCalls(clients);
    if (calls_.empty()) break;
    WaitForCalls();
    HandOn();
    if (!trouble_.ok() && !Stopped()) ConnectAgain();
  }
  Finish();
  end_.interrupted = interrupt_.requested() && answered_ < clients.size();
  return end_;
}

void ReissueCalls::StartCalls(std::span<const ClientToReissue> clients) {
  while (calls_.size() < options_.calls_max && next_ < clients.size()) {
    calls_.push_back(std::make_unique<Call>());
    calls_.back()->client = &clients[next_++];
    Start(*calls_.back());
  }
}

void ReissueCalls::Start(Call& call) {
  call.context = std::make_unique<grpc::ClientContext>();
  SetUnaryDeadline(*call.context);
  call.request = options_.request;
  call.request.set_client_id(call.client->client_id.ToString());
  call.response.Clear();
  {
    const std::lock_guard lock(mutex_);
    call.under_way = true;
    ++under_way_;
  }
  stub_->async()->ReissueTemporaryPassword(call.context.get(), &call.request, &call.response,
                                           [this, &call](const grpc::Status& status) {
                                             call.error = ReadRpcError(status);
                                             const std::lock_guard lock(mutex_);
                                             call.under_way = false;
                                             --under_way_;
                                             done_.notify_all();
                                           });
}

// For the one at the front, so that it can be handed on; for all, when no more
// are to be started.
void ReissueCalls::WaitForCalls() {
  std::unique_lock lock(mutex_);
  const auto enough = [this] {
    return trouble_.ok() && !Stopped() ? !calls_.front()->under_way : under_way_ == 0;
  };
  while (!enough()) {
    done_.wait_for(lock, absl::ToChronoMilliseconds(reissue_tick), enough);
    lock.unlock();
    events_.on_tick();
    lock.lock();
    for (const auto& call : calls_) {
      const bool failed = !call->under_way && !IsAnswer(call->error);
      if (failed && trouble_.ok() && AfterErrorOf(call->error) == AfterError::kResume) {
        trouble_ = call->error;
      }
    }
  }
}

void ReissueCalls::HandOn() {
  while (!calls_.empty() && !Stopped()) {
    Call& call = *calls_.front();
    {
      const std::lock_guard lock(mutex_);
      if (call.under_way) return;
    }
    if (!IsAnswer(call.error)) return Judge(call);
    Answer(call);
    calls_.pop_front();
  }
}

void ReissueCalls::Judge(Call& call) {
  if (AfterErrorOf(call.error) == AfterError::kResume) {
    trouble_ = call.error;
  } else {
    end_.error = call.error;
  }
}

void ReissueCalls::Answer(Call& call) {
  if (std::exchange(told_away_, false)) events_.on_back();
  trouble_since_ = absl::InfiniteFuture();
  ++answered_;
  if (call.in_doubt && call.error.ok()) events_.on_doubt(*call.client, call.response.result());
  absl::Status status =
      events_.on_answer(*call.client, call.error, *call.response.mutable_result());
  WipePassword(*call.response.mutable_result());
  if (end_.failure.ok()) end_.failure = std::move(status);
}

void ReissueCalls::ConnectAgain() {
  WaitForCalls();
  const absl::Time now = absl::Now();
  if (trouble_since_ == absl::InfiniteFuture()) {
    trouble_since_ = now;
    backoff_.Reset();
  }
  const absl::Time next = now + std::max(backoff_.Next(), trouble_.retry_delay);
  if (next > trouble_since_ + options_.reconnect_timeout) {
    end_.error = trouble_;
    return;
  }
  if (!std::exchange(told_away_, true)) events_.on_away(trouble_);
  while (absl::Now() < next && !interrupt_.requested()) {
    events_.on_tick();
    absl::SleepFor(std::min(reissue_tick, next - absl::Now()));
  }
  if (interrupt_.requested()) return;
  trouble_ = {};
  stub_ = connect_();
  for (const auto& call : calls_) {
    if (IsAnswer(call->error)) continue;
    call->in_doubt = call->in_doubt || FateUnknown(call->error);
    Start(*call);
  }
}

// Behind a call that failed, others may have gone well, and their passwords are
// the ones that work.
void ReissueCalls::Finish() {
  {
    std::unique_lock lock(mutex_);
    while (under_way_ > 0) {
      done_.wait_for(lock, absl::ToChronoMilliseconds(reissue_tick));
      lock.unlock();
      events_.on_tick();
      lock.lock();
    }
  }
  for (const auto& call : calls_) {
    if (IsAnswer(call->error) && end_.failure.ok()) Answer(*call);
  }
  calls_.clear();
}

}  // namespace provisioning
