// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <utility>

#include "grpcpp/support/server_callback.h"

namespace provisioning {

// Of a unary call whose response holds a password: calls `wipe` when it has been
// sent, with the response still there. Owns itself.
class WipingReactor final : public grpc::ServerUnaryReactor {
 public:
  explicit WipingReactor(std::function<void()> wipe) : wipe_(std::move(wipe)) {}
  void OnDone() override {
    wipe_();
    delete this;
  }

 private:
  const std::function<void()> wipe_;
};

}  // namespace provisioning
