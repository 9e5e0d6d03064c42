// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "provisioning/v1/client_row.pb.h"

namespace provisioning {

// The first reasons why rows are left out, as lines for a person, and how many
// there were: violations, and addresses of earlier rows.
class ProblemExamples {
 public:
  // `line`: of the row, in the file.
  void Add(const v1::RowResult& result, std::int64_t line);

  bool empty() const { return lines_.empty(); }
  std::int64_t reasons() const { return reasons_; }
  // Rows that were rejected for want of a password.
  std::int64_t missing_passwords() const { return missing_passwords_; }
  const std::vector<std::string>& lines() const { return lines_; }

 private:
  void AddLine(const v1::FieldIssue& issue, const v1::RowResult& result, std::int64_t line);

  std::map<std::pair<std::string, int>, int> alike_;  // By column and code.
  std::vector<std::string> lines_;
  std::int64_t reasons_ = 0;
  std::int64_t missing_passwords_ = 0;
};

}  // namespace provisioning
