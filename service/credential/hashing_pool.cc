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

// Guarded by mutex_, until all is finished: then it belongs to the thread that
// finished the last password.
struct HashingPool::Request {
  const OrganizationId organization_id;
  const CancelFlag cancelled;
  Done done;
  std::vector<SecretString> passwords;
  std::vector<std::optional<Credential>> credentials;
  std::size_t taken = 0;     // How many of `passwords`, from the front.
  std::size_t finished = 0;  // How many of those.
  bool failed = false;       // Cancelled, or no memory, or the pool goes.

  bool all_taken() const { return taken == passwords.size(); }
  bool all_finished() const { return finished == passwords.size(); }
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

HashingPool::HashingPool(int threads, const CredentialFactory& factory) : factory_(factory) {
  for (int i = 0; i < std::max(threads, 1); ++i) threads_.emplace_back([this] { RunThread(); });
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
    const auto [queue, is_new] = queues_.try_emplace(organization_id);
    queue->second.push_back(std::move(request));
    if (is_new) turns_.push_back(queue);
  }
  if (count == 1) {
    work_.notify_one();
  } else {
    work_.notify_all();
  }
}

double HashingPool::hashes_per_second() const {
  std::lock_guard lock(mutex_);
  return mean_seconds_ > 0 ? static_cast<double>(threads_.size()) / mean_seconds_ : 0;
}

void HashingPool::RunThread() {
  while (std::optional<Job> job = TakeJob()) RunJob(*std::move(job));
}

std::optional<HashingPool::Job> HashingPool::TakeJob() {
  std::unique_lock lock(mutex_);
  work_.wait(lock, [this] { return stopping_ || !turns_.empty(); });
  if (turns_.empty()) return std::nullopt;
  Job job = TakeNextLocked();
  if (stopping_ || job.request->is_cancelled()) {
    job.dropped = true;
    DropRestLocked(job.request);
  }
  return job;
}

void HashingPool::RunJob(Job job) {
  std::optional<Credential> credential;
  const auto start = std::chrono::steady_clock::now();
  if (!job.dropped) credential = factory_.Hash(job.password);
  const Seconds elapsed = std::chrono::steady_clock::now() - start;
  job.password = SecretString();
  if (FinishJob(job, std::move(credential), elapsed)) job.request->CallDone();
}

bool HashingPool::FinishJob(const Job& job, std::optional<Credential> credential, Seconds elapsed) {
  std::lock_guard lock(mutex_);
  Request& request = *job.request;
  if (credential.has_value()) {
    RecordLocked(elapsed);
    request.credentials[job.index] = std::move(credential);
  } else {
    request.failed = true;
    DropRestLocked(job.request);
  }
  ++request.finished;
  return request.all_finished();
}

HashingPool::Job HashingPool::TakeNextLocked() {
  const Queues::iterator turn = turns_.front();
  turns_.pop_front();
  Queue& queue = turn->second;
  Job job;
  job.request = queue.front();
  Request& request = *job.request;
  job.index = request.taken++;
  job.password = std::move(request.passwords[job.index]);
  if (request.all_taken()) queue.pop_front();
  if (queue.empty()) {
    queues_.erase(turn);
  } else {
    turns_.push_back(turn);
  }
  return job;
}

// What is left of the request counts as taken and finished.
void HashingPool::DropRestLocked(const std::shared_ptr<Request>& request) {
  if (request->all_taken()) return;
  request->finished += request->passwords.size() - request->taken;
  request->taken = request->passwords.size();
  for (SecretString& password : request->passwords) password = SecretString();
  const Queues::iterator turn = queues_.find(request->organization_id);
  turn->second.pop_front();
  if (!turn->second.empty()) return;
  turns_.erase(std::find(turns_.begin(), turns_.end(), turn));
  queues_.erase(turn);
}

void HashingPool::RecordLocked(Seconds elapsed) {
  mean_seconds_ = mean_seconds_ == 0
                      ? elapsed.count()
                      : mean_seconds_ + newest_weight * (elapsed.count() - mean_seconds_);
}

}  // namespace provisioning
