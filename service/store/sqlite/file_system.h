// SPDX-License-Identifier: Apache-2.0
// Files as the database needs them. Errors are kStoreUnavailable and name the path.
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"

namespace provisioning {

inline constexpr mode_t owner_only = 0600;

absl::Status Refusal(const std::string& path, std::string_view why);
// Of the last system call.
absl::Status SystemError(const std::string& path, const char* doing);

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  bool is_open() const { return number_ >= 0; }
  int number() const { return number_; }
  int Release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

// An empty file, which only its owner may read; fails if there is one.
absl::Status CreateOwnersFile(const std::string& path);
// What the file holds is on the disk.
absl::Status SyncFile(const std::string& path);
// That there is a file of this name is on the disk.
absl::Status SyncFolder(const std::string& path);

}  // namespace provisioning
