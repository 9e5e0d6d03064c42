// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "grpcpp/server_context.h"
#include "service/rpc/trace_context.h"

namespace provisioning {

// By what a call is known again, in the caller's logs and traces and in ours.
struct CallOrigin {
  std::string request_id;
  TraceContext trace;
};

// What a call is about, for log lines: no more of it than may stand there.
struct CallSubject {
  std::string organization_id;  // Empty: it named none.
  std::string import_id;        // Empty: it is not about an import.
};

// The context of a call of ours: what gRPC knows of it, and what the handler says of
// it. Made by CallContextAllocator. Any thread.
class CallContext final : public grpc::CallbackServerContext {
 public:
  // Before the handler is called.
  void SetOrigin(CallOrigin origin) { origin_ = std::move(origin); }
  const CallOrigin& origin() const { return origin_; }

  // What it leaves empty stays as it is.
  void SetSubject(CallSubject subject) {
    std::lock_guard lock(mutex_);
    if (!subject.organization_id.empty()) {
      subject_.organization_id = std::move(subject.organization_id);
    }
    if (!subject.import_id.empty()) subject_.import_id = std::move(subject.import_id);
  }
  CallSubject subject() const {
    std::lock_guard lock(mutex_);
    return subject_;
  }

 private:
  CallOrigin origin_;
  mutable std::mutex mutex_;
  CallSubject subject_;  // Guarded by mutex_.
};

// Makes them for a server: ServerBuilder::SetContextAllocator.
class CallContextAllocator final : public grpc::ContextAllocator {
 public:
  grpc::CallbackServerContext* NewCallbackServerContext() override { return new CallContext; }
  // gRPC 1.51 also brings contexts of its own, which are parts of other objects: those
  // of calls to methods that nobody has.
  void Release(grpc::CallbackServerContext* context) override {
    delete dynamic_cast<CallContext*>(context);
  }
};

// Says in a handler what its call is about, as the request has it: what is no
// organization or id is left out, and what was said before stays. A server without
// the allocator forgets it.
void SetSubject(grpc::CallbackServerContext& context, std::string_view organization_id,
                std::string_view import_id = "");

}  // namespace provisioning
