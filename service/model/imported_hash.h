// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace provisioning {

// The hash of a password that another product made, as the text that it stored.
// Only ImportedHashReader makes one, so it is of a scheme that this service
// verifies, in its one form, and of a cost between the bounds in limits.h.
class ImportedHash {
 public:
  const std::string& text() const { return text_; }
  std::string TakeText() && { return std::move(text_); }

 private:
  friend class ImportedHashReader;
  explicit ImportedHash(std::string_view text) : text_(text) {}

  std::string text_;
};

}  // namespace provisioning
