// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "service/rpc/request_parser.h"

namespace provisioning {

// The bytes of a message, in blocks as small as one likes, and how often they
// were looked at: once to count the rows, once more to parse.
class StringBytes final : public MessageBytes {
 public:
  explicit StringBytes(std::string bytes, int block_bytes = -1)
      : bytes_(std::move(bytes)), block_bytes_(block_bytes) {}

  std::unique_ptr<google::protobuf::io::ZeroCopyInputStream> Open() override {
    ++open_count_;
    return std::make_unique<google::protobuf::io::ArrayInputStream>(
        bytes_.data(), static_cast<int>(bytes_.size()), block_bytes_);
  }

  int open_count() const { return open_count_; }

 private:
  const std::string bytes_;
  const int block_bytes_;
  int open_count_ = 0;
};

}  // namespace provisioning
