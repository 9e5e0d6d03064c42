// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "service/trust/access_control.h"

namespace provisioning {

// Reads a policy file. INVALID_ARGUMENT, with the path and what is wrong: it cannot
// be read, or ParsePolicy refuses it.
absl::StatusOr<Policy> ReadPolicyFile(const std::string& path);

// Keeps an AccessControl to what a file says: reads it once a second, and gives a
// policy that has changed to the AccessControl. A file that is bad, or away, changes
// nothing: the policy before it holds until there is a good one. Replace the file by
// a rename, so that no half of it is read.
class PolicyFile {
 public:
  struct Options {
    std::string path;
    absl::Duration interval = absl::Seconds(1);
    // Told of each change: OK for a policy that holds from now on, else what is
    // wrong; once for each bad content. On the thread of this object.
    std::function<void(const absl::Status&)> tell = [](const absl::Status&) {};
  };

  // `access` has the policy when this returns, and outlives the object. As
  // ReadPolicyFile.
  static absl::StatusOr<std::unique_ptr<PolicyFile>> Open(const Options& options,
                                                          AccessControl& access);
  ~PolicyFile();

  // Since Open, for metrics. Any thread.
  std::int64_t reloads() const;
  std::int64_t failed_reloads() const;
  // Whether the policy that holds is the one of the last look; else that was bad.
  bool is_current() const;

 private:
  PolicyFile(const Options& options, AccessControl& access, absl::StatusOr<std::string> content);

  void Watch();
  void LookAgain();

  const Options options_;
  AccessControl& access_;
  absl::StatusOr<std::string> content_;  // Of the last look; touched by thread_ alone.

  mutable std::mutex mutex_;
  std::int64_t reloads_ = 0;         // Guarded by mutex_.
  std::int64_t failed_reloads_ = 0;  // Guarded by mutex_.
  bool current_ = true;              // Guarded by mutex_.
  bool stopping_ = false;            // Guarded by mutex_.
  std::condition_variable stop_;
  std::thread thread_;
};

}  // namespace provisioning
