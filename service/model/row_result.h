// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "service/model/field_issue.h"
#include "service/model/secret_string.h"
#include "service/model/uuid.h"

namespace provisioning {

// The outcomes of provisioning.v1.RowOutcome, with its numbers.
enum class RowOutcome {
  kRejected = 1,
  kDuplicateRow = 2,
  kConflictingReplay = 3,
  kAlreadyExists = 4,
  kUpdated = 5,
  kReissued = 6,
  kCreated = 7,
  kValid = 8,
};
inline constexpr int row_outcome_count = 8;

// "CREATED" ...
std::string_view RowOutcomeName(RowOutcome outcome);

// The answer to one row.
struct RowResult {
  std::int64_t row_number = 0;
  RowOutcome outcome = RowOutcome::kRejected;
  std::string email_address;
  Uuid client_id;                   // Nil: none.
  SecretString temporary_password;  // Only one that the service made just now.
  absl::Time password_expires_at = absl::InfinitePast();  // InfinitePast: none.
  std::int64_t first_row_number = 0;                      // Only with kDuplicateRow.
  std::vector<FieldIssue> violations;
  std::vector<FieldIssue> warnings;
  bool replayed = false;
};

// Rows by outcome.
class OutcomeCounts {
 public:
  std::int64_t& operator[](RowOutcome outcome) { return counts_[Index(outcome)]; }
  std::int64_t operator[](RowOutcome outcome) const { return counts_[Index(outcome)]; }
  OutcomeCounts& operator+=(const OutcomeCounts& other) {
    for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
    return *this;
  }
  std::int64_t total() const {
    std::int64_t sum = 0;
    for (const std::int64_t count : counts_) sum += count;
    return sum;
  }
  bool operator==(const OutcomeCounts&) const = default;

 private:
  static std::size_t Index(RowOutcome outcome) { return static_cast<std::size_t>(outcome) - 1; }

  std::array<std::int64_t, row_outcome_count> counts_{};
};

}  // namespace provisioning
