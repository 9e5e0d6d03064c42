// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "provisioning/v1/client_row.pb.h"

namespace provisioning {

// The first violations of a file, as lines for a person, and how many there were.
class ProblemExamples {
 public:
  // `line`: of the row, in the file.
  void Add(const v1::RowResult& result, std::int64_t line);

  bool empty() const { return lines_.empty(); }
  std::int64_t violations() const { return violations_; }
  const std::vector<std::string>& lines() const { return lines_; }

 private:
  std::map<std::pair<std::string, int>, int> alike_;  // By column and code.
  std::vector<std::string> lines_;
  std::int64_t violations_ = 0;
};

}  // namespace provisioning
