// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "service/credential/credential_factory.h"
#include "service/model/organization_id.h"

namespace provisioning {

// Set when a stream has gone, so that nothing is hashed for it any more.
using CancelFlag = std::shared_ptr<std::atomic<bool>>;

// Threads that do nothing but hash passwords. Organizations take turns, one
// password each, so that ten rows do not wait behind a million.
//
// The queue is not bounded here: every stream has a bounded number of rows under
// way (see import/import_stream.h).
class HashingPool {
 public:
  // One credential for each password, in order. Not called for nothing: a
  // cancelled request gets an empty vector, and so does one whose memory could
  // not be had.
  using Done = std::function<void(std::vector<Credential>)>;

  // `threads` from 1; `factory` outlives the pool.
  HashingPool(int threads, const CredentialFactory& factory);
  // Drops what has not begun (its Done gets an empty vector), waits for the rest.
  ~HashingPool();

  // Queues the passwords, at least one. `done` is called once, on a thread of
  // the pool, and must be quick.
  void Hash(const OrganizationId& organization_id, std::vector<SecretString> passwords,
            CancelFlag cancelled, Done done);

  // Passwords per second over all threads, from what hashing has taken so far;
  // 0: nothing was hashed yet.
  double hashes_per_second() const;
};

}  // namespace provisioning
