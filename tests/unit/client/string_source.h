// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "client/csv/byte_source.h"

namespace provisioning {

// Text that is read in pieces of at most `piece` bytes.
class StringSource final : public ByteSource {
 public:
  explicit StringSource(std::string text, std::size_t piece = 1 << 20)
      : text_(std::move(text)), piece_(piece) {}

  absl::StatusOr<std::size_t> ReadAt(std::int64_t offset, std::span<char> buffer) const override {
    const auto begin = static_cast<std::size_t>(offset);
    if (begin >= text_.size()) return 0;
    const std::size_t count = std::min({piece_, buffer.size(), text_.size() - begin});
    std::memcpy(buffer.data(), text_.data() + begin, count);
    return count;
  }

 private:
  const std::string text_;
  const std::size_t piece_;
};

}  // namespace provisioning
