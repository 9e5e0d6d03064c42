// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
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
#include "service/model/secret_string.h"

namespace provisioning {

// Set when a stream has gone, so that nothing is hashed for it any more.
using CancelFlag = std::shared_ptr<std::atomic<bool>>;

// Threads that do nothing but hash passwords. Organizations take turns, one
// password each, so that ten rows do not wait behind a million. Within an
// organization requests are taken in the order in which they came; several
// threads may work at one.
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
  // Waits for the passwords that are being hashed. A request that has others
  // left gets an empty vector.
  ~HashingPool();

  HashingPool(const HashingPool&) = delete;
  HashingPool& operator=(const HashingPool&) = delete;

  // Queues the passwords, at least one; each is wiped as soon as it is hashed.
  // `cancelled` is read before each password; null: never cancelled. `done` is
  // called once, on a thread of the pool, and must be quick; it may call Hash.
  void Hash(const OrganizationId& organization_id, std::vector<SecretString> passwords,
            CancelFlag cancelled, Done done);

  // Passwords per second over all threads, from what hashing has taken lately;
  // 0: nothing was hashed yet.
  double hashes_per_second() const;

 private:
  using Seconds = std::chrono::duration<double>;

  struct Request;
  // Of an organization; each has a password that no thread has taken, and only
  // the first one may have others that were.
  using Queue = std::deque<std::shared_ptr<Request>>;
  using Queues = std::map<OrganizationId, Queue>;

  // One password, taken by one thread.
  struct Job {
    std::shared_ptr<Request> request;
    std::size_t index = 0;
    SecretString password;
    bool dropped = false;  // It is not to be hashed.
  };

  void RunThread();
  // Nothing: the pool goes, and nothing is queued any more.
  std::optional<Job> TakeJob();
  void RunJob(Job job);
  // Whether it was the request's last one.
  bool FinishJob(const Job& job, std::optional<Credential> credential, Seconds elapsed);

  Job TakeNextLocked();
  void DropRestLocked(const std::shared_ptr<Request>& request);
  void RecordLocked(Seconds elapsed);

  const CredentialFactory& factory_;

  mutable std::mutex mutex_;
  // Signalled, with mutex_, when something is queued and when the pool goes.
  std::condition_variable work_;
  bool stopping_ = false;               // Guarded by mutex_.
  Queues queues_;                       // Guarded by mutex_; none is empty.
  std::deque<Queues::iterator> turns_;  // Guarded by mutex_; each of queues_ once, next first.
  double mean_seconds_ = 0;             // Guarded by mutex_; per password; 0: none yet.

  std::vector<std::thread> threads_;  // Last: they use all of the above.
};

}  // namespace provisioning
