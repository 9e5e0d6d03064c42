// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <thread>

#include "grpcpp/support/status.h"
#include "tests/bench/message_stream.h"
#include "tests/bench/served_import.h"

namespace provisioning {

// An import of an organization of its own that takes all it can get, under way
// until the object goes.
class HugeImport {
 public:
  // What it takes: hashing, with a password in every row, or the store's writer.
  enum class Passwords { kGiven, kGenerated };
  HugeImport(const ServedStore& store, Passwords passwords);
  ~HugeImport();
  HugeImport(const HugeImport&) = delete;
  HugeImport& operator=(const HugeImport&) = delete;

 private:
  MessageStream stream_;
  grpc::Status ended_;
  std::thread thread_;
};

}  // namespace provisioning
