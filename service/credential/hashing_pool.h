// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "service/credential/credential_factory.h"
#include "service/model/organization_id.h"
#include "service/model/secret_string.h"
#include "service/sharing/fair_queue.h"

namespace provisioning {

// Set when a stream has gone, so that nothing is hashed for it any more.
using CancelFlag = std::shared_ptr<std::atomic<bool>>;

// Threads that do nothing but hash passwords. Organizations have fair shares of
// them, password by password, so that ten rows do not wait behind a million; the
// requests of an organization take turns as well. Several threads may work at
// one request.
//
// The queue is not bounded here: every stream has a bounded number of rows under
// way (see import/import_stream.h).
class HashingPool {
 public:
  // One credential for each password, in order. Not called for nothing: a
  // cancelled request gets an empty vector, and so does one whose memory could
  // not be had.
  using Done = std::function<void(std::vector<Credential>)>;

  // Is told how long each password took, on a thread of the pool; must be quick.
  using OnHashed = std::function<void(std::chrono::duration<double>)>;

  // `threads` from 1; `factory` and `shares` outlive the pool. `on_hashed` may be
  // empty.
  HashingPool(int threads, const CredentialFactory& factory,
              const OrganizationShares& shares = OrganizationShares::Equal(),
              OnHashed on_hashed = {});
  // Waits for the passwords that are being hashed. A request that has others
  // left gets an empty vector.
  ~HashingPool();

  HashingPool(const HashingPool&) = delete;
  HashingPool& operator=(const HashingPool&) = delete;

  // While one lives, the pool uses a thread less, so that who signs in has a CPU
  // for one hash; one thread always goes on. What is being hashed is finished
  // first.
  class Lane {
   public:
    explicit Lane(HashingPool& pool);
    ~Lane();
    Lane(const Lane&) = delete;
    Lane& operator=(const Lane&) = delete;

   private:
    HashingPool& pool_;
  };

  // Queues the passwords, at least one; each is wiped as soon as it is hashed.
  // `cancelled` is read before each password; null: never cancelled. `done` is
  // called once, on a thread of the pool, and must be quick; it may call Hash.
  void Hash(const OrganizationId& organization_id, std::vector<SecretString> passwords,
            CancelFlag cancelled, Done done);

  // Passwords per second over all threads, from what hashing has taken lately;
  // 0: nothing was hashed yet.
  double hashes_per_second() const;
  int threads() const { return threads_max_; }

 private:
  using Seconds = std::chrono::duration<double>;

  struct Request;
  // One password, for one thread.
  struct Job {
    std::shared_ptr<Request> request;
    std::size_t index = 0;
    bool dropped = false;  // It is not to be hashed, nor is any that follows.
  };

  void RunThread();
  // Nothing: the pool goes, and nothing is queued any more.
  std::optional<Job> TakeJob();
  void RunJob(const Job& job);
  // Whether it was the request's last one. `credential`: nothing if it failed.
  bool FinishJob(const Job& job, std::optional<Credential> credential, Seconds elapsed);
  void RecordLocked(Seconds elapsed);
  bool MayHashLocked() const;

  const CredentialFactory& factory_;
  const int threads_max_;
  const OnHashed on_hashed_;

  mutable std::mutex mutex_;
  // Signalled, with mutex_, when something is queued or may be hashed, and when
  // the pool goes.
  std::condition_variable work_;
  bool stopping_ = false;  // Guarded by mutex_.
  int hashing_ = 0;        // Guarded by mutex_: threads that have a password.
  int lanes_ = 0;          // Guarded by mutex_.
  // Of each request the next password. Guarded by mutex_.
  FairQueue<std::shared_ptr<Request>> queue_;
  double mean_seconds_ = 0;  // Guarded by mutex_; per password; 0: none yet.

  std::vector<std::thread> threads_;  // Last: they use all of the above.
};

}  // namespace provisioning
