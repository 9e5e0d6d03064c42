// SPDX-License-Identifier: Apache-2.0
#include "service/trust/policy_file.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "service/trust/policy_parser.h"
#include "service/trust/text_file.h"

namespace provisioning {
namespace {

absl::StatusOr<Policy> Parse(const std::string& path, const absl::StatusOr<std::string>& content) {
  if (!content.ok()) return content.status();
  auto policy = ParsePolicy(*content);
  if (policy.ok()) return policy;
  return absl::InvalidArgumentError(absl::StrCat(path, ": ", policy.status().message()));
}

absl::StatusOr<std::string> ReadContent(const std::string& path) {
  return ReadTextFile(path, policy_bytes_max);
}

}  // namespace

absl::StatusOr<Policy> ReadPolicyFile(const std::string& path) {
  return Parse(path, ReadContent(path));
}

absl::StatusOr<std::unique_ptr<PolicyFile>> PolicyFile::Open(const Options& options,
                                                             AccessControl& access) {
  auto content = ReadContent(options.path);
  auto policy = Parse(options.path, content);
  if (!policy.ok()) return policy.status();
  access.SetPolicy(*std::move(policy));
  return std::unique_ptr<PolicyFile>(new PolicyFile(options, access, std::move(content)));
}

PolicyFile::PolicyFile(const Options& options, AccessControl& access,
                       absl::StatusOr<std::string> content)
    : options_(options), access_(access), content_(std::move(content)) {
  thread_ = std::thread([this] { Watch(); });
}

PolicyFile::~PolicyFile() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  thread_.join();
}

std::int64_t PolicyFile::reloads() const {
  std::lock_guard lock(mutex_);
  return reloads_;
}

std::int64_t PolicyFile::failed_reloads() const {
  std::lock_guard lock(mutex_);
  return failed_reloads_;
}

bool PolicyFile::is_current() const {
  std::lock_guard lock(mutex_);
  return current_;
}

void PolicyFile::Watch() {
  std::unique_lock lock(mutex_);
  const auto stopping = [this] { return stopping_; };
  while (!stop_.wait_for(lock, absl::ToChronoMilliseconds(options_.interval), stopping)) {
    lock.unlock();
    LookAgain();
    lock.lock();
  }
}

// Compares what it says and not when it was written: clocks are too coarse for that.
void PolicyFile::LookAgain() {
  auto content = ReadContent(options_.path);
  const bool same =
      content.ok() ? content_.ok() && *content == *content_ : content.status() == content_.status();
  if (same) return;
  content_ = std::move(content);
  auto policy = Parse(options_.path, content_);
  const absl::Status status = policy.ok() ? absl::OkStatus() : policy.status();
  if (policy.ok()) access_.SetPolicy(*std::move(policy));
  {
    std::lock_guard lock(mutex_);
    ++(status.ok() ? reloads_ : failed_reloads_);
    current_ = status.ok();
  }
  options_.tell(status);
}

}  // namespace provisioning
