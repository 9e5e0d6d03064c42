// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/client_context.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <span>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "client/clients/clients_to_reissue.h"
#include "client/session/backoff.h"
#include "client/session/interrupt.h"
#include "client/session/stream_error.h"
#include "provisioning/v1/client_account_service.grpc.pb.h"

namespace provisioning {

// Makes a call for each client, many at a time, and hands their answers on in the
// clients' order. When the server is away, what has no answer is asked again.
// One thread.
class ReissueCalls {
 public:
  using Stub = v1::ClientAccountService::Stub;

  struct Options {
    // Of every call; client_id is filled in.
    v1::ReissueTemporaryPasswordRequest request;
    std::size_t calls_max = 64;
    absl::Duration reconnect_timeout = absl::Minutes(5);
  };
  struct Events {
    // Once per client, in their order; `error`: the answer is that there is no
    // new password. An error of this ends it all.
    std::function<absl::Status(const ClientToReissue&, const RpcError& error,
                               v1::RowResult& result)>
        on_answer;
    // Before its answer: the client was asked about twice, and what became of the
    // first call is unknown. If that comes late, the password of the second one
    // is void.
    std::function<void(const ClientToReissue&, const v1::RowResult& result)> on_doubt;
    // The server is away, and will be tried again.
    std::function<void(const RpcError&)> on_away;
    std::function<void()> on_back;
    std::function<void()> on_tick;
  };
  // How it ended: all OK, all were answered.
  struct End {
    RpcError error;        // Of the call that ended it.
    absl::Status failure;  // Of on_answer.
    bool interrupted = false;
  };

  // `connect` makes a stub over a connection of its own. All outlive this.
  ReissueCalls(std::function<std::unique_ptr<Stub>()> connect, Options options, Events events,
               const Interrupt& interrupt);

  ~ReissueCalls();

  // Blocks until the end; what is under way then is waited for, and handed on.
  End Run(std::span<const ClientToReissue> clients);

 private:
  struct Call;

  void StartCalls(std::span<const ClientToReissue> clients);
  void Start(Call& call);
  void WaitForCalls();
  // Hands on what is answered at the front.
  void HandOn();
  // What to do about the failed call at the front.
  void Judge(Call& call);
  void Answer(Call& call);
  // Nothing is under way any more: waits, and starts the calls again.
  void ConnectAgain();
  void Finish();
  bool Stopped() const;

  const std::function<std::unique_ptr<Stub>()> connect_;
  const Options options_;
  const Events events_;
  const Interrupt& interrupt_;
  Backoff backoff_;

  std::unique_ptr<Stub> stub_;
  std::size_t next_ = 0;      // Of the clients.
  std::size_t answered_ = 0;  // So many of them.
  std::deque<std::unique_ptr<Call>> calls_;
  RpcError trouble_;  // Why the server is tried again; OK: it is not.
  absl::Time trouble_since_ = absl::InfiniteFuture();
  bool told_away_ = false;
  End end_;

  std::mutex mutex_;
  std::condition_variable done_;
  std::size_t under_way_ = 0;  // Guarded by mutex_.
};

}  // namespace provisioning
