// SPDX-License-Identifier: Apache-2.0
#include "service/store/postgres/failure_table.h"

#include <map>

#include "service/store/failure_key.h"

namespace provisioning {
namespace {

// The wait after the last failure (failure_key.cc); $7 and $8 are its least and its most.
#define WAIT "LEAST($8, $7 << LEAST(failure.failures - $6, 30)::integer)"
// One statement, which locks the row and looks at what is committed then: of any
// number at the same time no more are counted than there may be.
constexpr std::string_view count_sql =
    "INSERT INTO failure (organization_id, subject, generation, failures, last_time) "
    "VALUES ($1, $2, $3, 1, $4) "
    "ON CONFLICT (organization_id, subject) DO UPDATE SET "
    "failures = CASE WHEN failure.generation=$3 THEN failure.failures ELSE 0 END + 1, "
    "generation=$3, last_time=$4 "
    "WHERE failure.generation<>$3 OR (failure.failures<$5 AND (failure.failures<$6 "
    "OR $4<failure.last_time OR $4>=failure.last_time + " WAIT ")) RETURNING failures";
constexpr std::string_view read_sql =
    "SELECT failures, last_time FROM failure "
    "WHERE organization_id=$1 AND subject=$2 AND generation=$3";
constexpr std::string_view forget_sql =
    "DELETE FROM failure WHERE organization_id=$1 AND subject=$2 AND generation=$3";
constexpr std::string_view read_many_sql =
    "SELECT subject, generation, failures FROM failure "
    "WHERE organization_id=$1 AND subject = ANY ($2)";

SqlParams KeyOf(const FailureKey& stored) {
  return std::move(
      SqlParams().Text(stored.organization_id).Id(stored.subject).Number(stored.generation));
}

}  // namespace

absl::StatusOr<AttemptAnswer> FailureTable::CountAttempt(const FailureKey& key,
                                                         const FailureLimits& limits,
                                                         absl::Time now) const {
  const FailureKey stored = StoredFailureKey(key, secret_);
  SqlParams params = KeyOf(stored);
  params.Number(absl::ToUnixMicros(now))
      .Number(limits.failures_max)
      .Number(limits.failures_without_wait)
      .Number(absl::ToInt64Microseconds(limits.wait_min))
      .Number(absl::ToInt64Microseconds(limits.wait_max));
  while (true) {
    const auto counted = runner_.RunStatement({count_sql, params});
    if (!counted.ok()) return counted.status();
    if (!counted->empty()) {
      return AttemptAnswer{.verdict = AttemptAnswer::Verdict::kCounted,
                           .failures = static_cast<int>(counted->Number(0, 0))};
    }
    const auto read = runner_.RunStatement({read_sql, KeyOf(stored)});
    if (!read.ok()) return read.status();
    if (read->empty()) continue;  // Forgotten since: it may be tried now.
    const AttemptAnswer answer =
        RefusedAttempt(read->Number(0, 0), absl::FromUnixMicros(read->Number(0, 1)), limits, now);
    // The same, and others have counted anew.
    const bool allowed = answer.verdict == AttemptAnswer::Verdict::kTooEarly &&
                         (answer.failures < limits.failures_without_wait ||
                          answer.retry_after <= absl::ZeroDuration());
    if (!allowed) return answer;
  }
}

absl::Status FailureTable::ForgetFailures(const FailureKey& key) const {
  return runner_.RunStatement({forget_sql, KeyOf(StoredFailureKey(key, secret_))}).status();
}

absl::StatusOr<std::vector<int>> FailureTable::Failures(std::span<const FailureKey> keys) const {
  if (keys.empty()) return std::vector<int>();
  SqlArray subjects(SqlType::kId);
  for (const FailureKey& key : keys) subjects.Id(key.subject);
  SqlParams params;
  params.Text(keys.front().organization_id).Array(subjects);
  const auto result = runner_.RunStatement({read_many_sql, std::move(params)});
  if (!result.ok()) return result.status();
  std::map<std::pair<Uuid, std::int64_t>, int> counts;
  for (int row = 0; row < result->rows(); ++row) {
    counts.emplace(std::pair(result->Id(row, 0), result->Number(row, 1)),
                   static_cast<int>(result->Number(row, 2)));
  }
  std::vector<int> failures;
  for (const FailureKey& key : keys) {
    const auto found = counts.find(std::pair(key.subject, key.generation));
    failures.push_back(found == counts.end() ? 0 : found->second);
  }
  return failures;
}

}  // namespace provisioning
