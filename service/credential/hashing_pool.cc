// SPDX-License-Identifier: Apache-2.0
#include "service/credential/hashing_pool.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace provisioning {
namespace {

// Of the mean that a new figure makes up: it follows a change within some
// hundred passwords and does not jump with a single one.
constexpr double newest_weight = 1.0 / 32;

}  // namespace

// The numbers and `failed` are guarded by mutex_; of the vectors each job has its
// own element. When all is finished, it belongs to the thread that finished the
// last password.
struct HashingPool::Request {
  const OrganizationId organization_id;
  const CancelFlag cancelled;
  Done done;
  std::vector<SecretString> passwords;
  std::vector<std::optional<Credential>> credentials;
  std::size_t taken = 0;     // How many of `passwords`, from the front.
  std::size_t finished = 0;  // How many of those.
  bool failed = false;       // Cancelled, or no memory, or the pool goes.

  bool is_cancelled() const {
    return cancelled != nullptr && cancelled->load(std::memory_order_relaxed);
  }
  void CallDone();
};

void HashingPool::Request::CallDone() {
  std::vector<Credential> result;
  if (!failed) {
    result.reserve(credentials.size());
    for (std::optional<Credential>& credential : credentials) {
      result.push_back(*std::move(credential));
    }
  }
  // What it holds on to goes with it, whoever else still holds the request.
  const Done last = std::move(done);
  last(std::move(result));
}

HashingPool::HashingPool(int threads, const CredentialFactory& factory,
                         const OrganizationShares& shares, OnHashed on_hashed)
    : factory_(factory),
      threads_max_(std::max(threads, 1)),
      on_hashed_(std::move(on_hashed)),
      queue_(shares) {
  for (int i = 0; i < threads_max_; ++i) threads_.emplace_back([this] { RunThread(); });
}

HashingPool::~HashingPool() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void HashingPool::Hash(const OrganizationId& organization_id, std::vector<SecretString> passwords,
                       CancelFlag cancelled, Done done) {
  assert(!passwords.empty());
  const std::size_t count = passwords.size();
  auto request = std::make_shared<Request>(Request{organization_id, std::move(cancelled),
                                                   std::move(done), std::move(passwords),
                                                   std::vector<std::optional<Credential>>(count)});
  {
    std::lock_guard lock(mutex_);
    queue_.Push(organization_id.value(), std::move(request), 1);
  }
  work_.notify_one();
}

double HashingPool::hashes_per_second() const {
  std::lock_guard lock(mutex_);
  return mean_seconds_ > 0 ? static_cast<double>(threads_.size()) / mean_seconds_ : 0;
}

void HashingPool::RunThread() {
  while (const std::optional<Job> job = TakeJob()) RunJob(*job);
}

std::optional<HashingPool::Job> HashingPool::TakeJob() {
  std::unique_lock lock(mutex_);
  work_.wait(lock, [this] { return stopping_ || (!queue_.empty() && MayHashLocked()); });
  if (queue_.empty()) return std::nullopt;
  ++hashing_;
  Job job{.request = queue_.Pop()};
  Request& request = *job.request;
  if (stopping_ || request.is_cancelled()) request.failed = true;
  job.dropped = request.failed;
  if (job.dropped) {
    request.finished += request.passwords.size() - request.taken - 1;
    request.taken = request.passwords.size();
    return job;
  }
  job.index = request.taken++;
  if (request.taken < request.passwords.size()) {
    queue_.Push(request.organization_id.value(), job.request, 1);
    work_.notify_one();
  }
  return job;
}

void HashingPool::RunJob(const Job& job) {
  Request& request = *job.request;
  std::optional<Credential> credential;
  const auto start = std::chrono::steady_clock::now();
  if (!job.dropped) {
    credential = factory_.Hash(request.passwords[job.index]);
    request.passwords[job.index] = SecretString();
  }
  const Seconds elapsed = std::chrono::steady_clock::now() - start;
  if (credential && on_hashed_) on_hashed_(elapsed);
  if (FinishJob(job, std::move(credential), elapsed)) request.CallDone();
  std::lock_guard lock(mutex_);
  --hashing_;
}

// One thread goes on in any case.
bool HashingPool::MayHashLocked() const { return hashing_ < std::max(1, threads_max_ - lanes_); }

HashingPool::Lane::Lane(HashingPool& pool) : pool_(pool) {
  std::lock_guard lock(pool_.mutex_);
  ++pool_.lanes_;
}

HashingPool::Lane::~Lane() {
  std::lock_guard lock(pool_.mutex_);
  --pool_.lanes_;
  // Several may have been woken in vain.
  pool_.work_.notify_all();
}

bool HashingPool::FinishJob(const Job& job, std::optional<Credential> credential, Seconds elapsed) {
  std::lock_guard lock(mutex_);
  Request& request = *job.request;
  if (credential.has_value()) {
    RecordLocked(elapsed);
    request.credentials[job.index] = std::move(credential);
  } else {
    request.failed = true;
  }
  ++request.finished;
  return request.finished == request.passwords.size();
}

void HashingPool::RecordLocked(Seconds elapsed) {
  mean_seconds_ = mean_seconds_ == 0
                      ? elapsed.count()
                      : mean_seconds_ + newest_weight * (elapsed.count() - mean_seconds_);
}

}  // namespace provisioning
