// SPDX-License-Identifier: Apache-2.0
#include "service/store/postgres/sql_error.h"

#include <algorithm>
#include <optional>

#include "absl/strings/cord.h"
#include "service/model/error.h"

namespace provisioning {
namespace {

constexpr char payload_url[] = "provisioning/sqlstate";

constexpr std::string_view disk_full = "53100";
// Two wrote the same (also where only a key shows it); a deadlock; a lock or a
// statement was given up.
constexpr std::string_view serialization_failure = "40001";
constexpr std::string_view transient[] = {serialization_failure, "40P01", "23505", "55P03",
                                          "57014"};
// What Citus says of a COPY, whatever went wrong with it on a worker, or with the
// worker itself.
constexpr std::string_view worker_refused_copy = "XX000";
constexpr std::string_view worker_lost_in_copy = "58030";
// The session was ended, or cannot write (any more), or takes no more of them.
constexpr std::string_view lost[] = {"57P01", "57P02", "57P03", "57P05", "25006",
                                     "25P03", "25P04", "53300", "40003"};

std::optional<std::string> SqlStateOf(const absl::Status& status) {
  const auto payload = status.GetPayload(payload_url);
  if (!payload) return std::nullopt;
  return std::string(*payload);
}

bool IsClass(const std::string& sqlstate, std::string_view prefix) {
  return sqlstate.starts_with(prefix);
}

}  // namespace

absl::Status SqlError(std::string_view sqlstate, std::string_view message) {
  const bool full = sqlstate == disk_full;
  absl::Status status = MakeError(
      full ? ErrorReason::kDiskFull : ErrorReason::kStoreUnavailable,
      sqlstate.empty() ? std::string(message)
                       : std::string(message) + " (SQLSTATE " + std::string(sqlstate) + ")");
  status.SetPayload(payload_url, absl::Cord(std::string(sqlstate)));
  return status;
}

SqlFault FaultOf(const absl::Status& status) {
  const auto sqlstate = SqlStateOf(status);
  if (!sqlstate) return SqlFault::kNone;
  // Class 08: connection exceptions.
  if (sqlstate->empty() || IsClass(*sqlstate, "08")) return SqlFault::kLost;
  if (std::ranges::find(lost, *sqlstate) != std::end(lost)) return SqlFault::kLost;
  if (std::ranges::find(transient, *sqlstate) != std::end(transient)) return SqlFault::kTransient;
  return SqlFault::kOther;
}

absl::Status AsCopyError(absl::Status status) {
  const auto sqlstate = SqlStateOf(status);
  if (sqlstate == worker_refused_copy || sqlstate == worker_lost_in_copy) {
    status.SetPayload(payload_url, absl::Cord(std::string(serialization_failure)));
  }
  return status;
}

bool IsInDoubt(const absl::Status& commit_error) {
  const auto sqlstate = SqlStateOf(commit_error);
  if (!sqlstate) return false;
  // Class 40 is a rollback, but for 40003: the fate of the statement is unknown.
  // Class 23 is a constraint that was checked late.
  if (*sqlstate == "40003") return true;
  return !IsClass(*sqlstate, "40") && !IsClass(*sqlstate, "23");
}

}  // namespace provisioning
