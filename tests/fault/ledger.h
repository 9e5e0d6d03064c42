// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "provisioning/v1/client_row.pb.h"

namespace provisioning {

// What a caller knows for sure: results, each on stable storage before the next
// message is read.
class Ledger {
 public:
  // Makes the file; aborts if it cannot.
  explicit Ledger(const std::string& path);
  ~Ledger();
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  void Append(const std::vector<v1::RowResult>& results);

  const std::vector<v1::RowResult>& results() const { return results_; }
  // Of the last result; 0: none.
  std::int64_t answered_through_row() const {
    return results_.empty() ? 0 : results_.back().row_number();
  }

 private:
  int file_;
  std::vector<v1::RowResult> results_;
};

}  // namespace provisioning
