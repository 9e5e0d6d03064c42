// SPDX-License-Identifier: Apache-2.0
// What tests look at in a stream's results.
#pragma once

#include <cstdint>
#include <vector>

#include "service/model/row_result.h"

namespace provisioning {

inline std::vector<std::int64_t> NumbersOf(const std::vector<RowResult>& results) {
  std::vector<std::int64_t> numbers;
  numbers.reserve(results.size());
  for (const RowResult& result : results) numbers.push_back(result.row_number);
  return numbers;
}

inline std::vector<RowOutcome> OutcomesOf(const std::vector<RowResult>& results) {
  std::vector<RowOutcome> outcomes;
  outcomes.reserve(results.size());
  for (const RowResult& result : results) outcomes.push_back(result.outcome);
  return outcomes;
}

inline std::vector<std::int64_t> Counting(std::int64_t first, std::int64_t last) {
  std::vector<std::int64_t> numbers;
  for (std::int64_t number = first; number <= last; ++number) numbers.push_back(number);
  return numbers;
}

inline bool IsNotRepeatable(const RowResult& result) {
  for (const FieldIssue& warning : result.warnings) {
    if (warning.code == FieldIssueCode::kPasswordNotRepeatable) return true;
  }
  return false;
}

}  // namespace provisioning
