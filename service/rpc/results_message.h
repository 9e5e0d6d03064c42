// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "service/model/row_result.h"

namespace provisioning {

// The bytes of an ImportClientsResponse with the first of some results: as many
// as make a message of good size, one at least. Written without a message object
// between, which would cost more than all the rest of a row's way to the wire.
class ResultsMessage {
 public:
  // `results` is not empty, and outlives this object.
  explicit ResultsMessage(std::span<const RowResult> results);

  std::size_t row_count() const { return results_.size(); }
  // About 256 KiB at most, well under the limit of a message: a single result
  // has at most some 30 KiB.
  std::size_t size() const;
  // `bytes` has room for size(). The passwords are among what is written.
  void Write(std::span<std::uint8_t> bytes) const;

 private:
  std::span<const RowResult> results_;
  std::size_t content_size_ = 0;  // Of the ImportResults.
};

}  // namespace provisioning
