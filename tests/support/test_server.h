// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <utility>

#include "service/credential/credential_factory.h"
#include "service/credential/hashing_pool.h"
#include "service/import/import_core.h"
#include "service/import/worker_pool.h"
#include "service/rules/row_rules.h"
#include "tests/support/watched_store.h"

namespace provisioning {

// What a provisiond has, but for the network; with the cheapest hash.
class TestServer {
 public:
  TestServer(std::unique_ptr<IdentityStore> store, const Clock& clock)
      : rules_(clock),
        workers_(4),
        hashing_pool_(2, factory_),
        real_store_(std::move(store)),
        store_(*real_store_),
        core_({store_, rules_, factory_, hashing_pool_, workers_, clock}, {}) {}

  ImportCore& core() { return core_; }
  IdentityStore& store() { return *real_store_; }
  // What the core works on.
  WatchedStore& watched() { return store_; }

 private:
  RowRules rules_;
  CredentialFactory factory_{HashCost{.memory_kib = 8, .iterations = 1}};
  // Callbacks of the store and of the hashing pool post to the workers.
  WorkerPool workers_;
  HashingPool hashing_pool_;
  const std::unique_ptr<IdentityStore> real_store_;
  WatchedStore store_;
  ImportCore core_;
};

}  // namespace provisioning
