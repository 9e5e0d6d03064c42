// SPDX-License-Identifier: Apache-2.0
// How a stream or a request fails, inside the service: an absl::Status with a
// reason. A bad row is no error but a RowResult.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace provisioning {

// The reasons of provisioning.v1.ErrorReason, with its numbers; what each means
// to a caller is said there.
enum class ErrorReason {
  kStartMissing = 1,
  kStartRepeated = 2,
  kMessageAfterEnd = 3,
  kRowNumberOrder = 4,
  kTooManyRowsInMessage = 5,
  kMessageUnreadable = 6,
  kOptionInvalid = 7,
  kOptionsDiffer = 20,
  kEndMissing = 21,
  kImportCompleted = 22,
  kStoreBehind = 23,
  kTooManyRejected = 24,
  kImportReverted = 25,
  kClientActive = 26,
  kPasswordReplaced = 27,
  kClientNotFound = 30,
  kImportNotFound = 31,
  kTakenOver = 40,
  kCallerUnidentified = 50,
  kNotAllowed = 51,
  kDiskFull = 60,
  kTooManyFailures = 61,
  kTooManyStreams = 62,
  kDraining = 80,
  kStoreUnavailable = 81,
  kOverloaded = 82,
};

// The status code follows from the reason. `message` is for people and names
// neither a password nor a person. `field`: the option or field to blame.
absl::Status MakeError(ErrorReason reason, std::string_view message, std::string_view field = "");
// The same, with a row to blame; for kStoreBehind the store's settled row.
absl::Status MakeRowError(ErrorReason reason, std::string_view message, std::int64_t row_number);
// The same, with a time to wait before it is worth trying again.
absl::Status MakeWaitError(ErrorReason reason, std::string_view message, absl::Duration wait);

// kOptionInvalid: a temporary_password_ttl below what the server is set to.
absl::Status TtlTooShort(absl::Duration least);

// A copy for another thread, which shares nothing with the original: statuses
// count their owners in a library that ThreadSanitizer cannot see into.
absl::Status SeparateCopy(const absl::Status& status);

// Nothing for a status that MakeError did not make.
std::optional<ErrorReason> ReasonOf(const absl::Status& status);
// "DISK_FULL" ...
std::string_view ErrorReasonName(ErrorReason reason);
// Empty, or nothing: none was named.
std::string FieldOf(const absl::Status& status);
std::optional<std::int64_t> RowNumberOf(const absl::Status& status);
std::optional<absl::Duration> WaitOf(const absl::Status& status);

}  // namespace provisioning
