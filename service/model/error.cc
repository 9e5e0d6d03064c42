// SPDX-License-Identifier: Apache-2.0
#include "service/model/error.h"

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"

namespace provisioning {
namespace {

constexpr absl::string_view reason_url = "provisioning/error_reason";
constexpr absl::string_view field_url = "provisioning/error_field";
constexpr absl::string_view row_number_url = "provisioning/error_row_number";
constexpr absl::string_view wait_url = "provisioning/error_wait_microseconds";

// A payload that is a number, if there is one.
std::optional<std::int64_t> NumberOf(const absl::Status& status, absl::string_view url) {
  const auto payload = status.GetPayload(url);
  std::int64_t number = 0;
  if (!payload || !absl::SimpleAtoi(std::string(*payload), &number)) return std::nullopt;
  return number;
}

struct Description {
  std::string_view name;
  absl::StatusCode code;
};

Description Describe(ErrorReason reason) {
  using enum absl::StatusCode;
  switch (reason) {
    case ErrorReason::kStartMissing:
      return {"START_MISSING", kInvalidArgument};
    case ErrorReason::kStartRepeated:
      return {"START_REPEATED", kInvalidArgument};
    case ErrorReason::kMessageAfterEnd:
      return {"MESSAGE_AFTER_END", kInvalidArgument};
    case ErrorReason::kRowNumberOrder:
      return {"ROW_NUMBER_ORDER", kInvalidArgument};
    case ErrorReason::kTooManyRowsInMessage:
      return {"TOO_MANY_ROWS_IN_MESSAGE", kInvalidArgument};
    case ErrorReason::kMessageUnreadable:
      return {"MESSAGE_UNREADABLE", kInvalidArgument};
    case ErrorReason::kOptionInvalid:
      return {"OPTION_INVALID", kInvalidArgument};
    case ErrorReason::kOptionsDiffer:
      return {"OPTIONS_DIFFER", kFailedPrecondition};
    case ErrorReason::kEndMissing:
      return {"END_MISSING", kFailedPrecondition};
    case ErrorReason::kImportCompleted:
      return {"IMPORT_COMPLETED", kFailedPrecondition};
    case ErrorReason::kStoreBehind:
      return {"STORE_BEHIND", kFailedPrecondition};
    case ErrorReason::kTooManyRejected:
      return {"TOO_MANY_REJECTED", kFailedPrecondition};
    case ErrorReason::kImportReverted:
      return {"IMPORT_REVERTED", kFailedPrecondition};
    case ErrorReason::kClientActive:
      return {"CLIENT_ACTIVE", kFailedPrecondition};
    case ErrorReason::kPasswordReplaced:
      return {"PASSWORD_REPLACED", kFailedPrecondition};
    case ErrorReason::kClientNotFound:
      return {"CLIENT_NOT_FOUND", kNotFound};
    case ErrorReason::kImportNotFound:
      return {"IMPORT_NOT_FOUND", kNotFound};
    case ErrorReason::kTakenOver:
      return {"TAKEN_OVER", kAborted};
    case ErrorReason::kCallerUnidentified:
      return {"CALLER_UNIDENTIFIED", kUnauthenticated};
    case ErrorReason::kNotAllowed:
      return {"NOT_ALLOWED", kPermissionDenied};
    case ErrorReason::kDiskFull:
      return {"DISK_FULL", kResourceExhausted};
    case ErrorReason::kTooManyFailures:
      return {"TOO_MANY_FAILURES", kResourceExhausted};
    case ErrorReason::kTooManyStreams:
      return {"TOO_MANY_STREAMS", kResourceExhausted};
    case ErrorReason::kDraining:
      return {"DRAINING", kUnavailable};
    case ErrorReason::kStoreUnavailable:
      return {"STORE_UNAVAILABLE", kUnavailable};
    case ErrorReason::kOverloaded:
      return {"OVERLOADED", kUnavailable};
  }
  return {"", kUnknown};
}

}  // namespace

absl::Status MakeError(ErrorReason reason, std::string_view message, std::string_view field) {
  absl::Status status(Describe(reason).code, absl::string_view(message.data(), message.size()));
  status.SetPayload(reason_url, absl::Cord(std::to_string(static_cast<int>(reason))));
  if (!field.empty()) status.SetPayload(field_url, absl::Cord(std::string(field)));
  return status;
}

absl::Status MakeRowError(ErrorReason reason, std::string_view message, std::int64_t row_number) {
  absl::Status status = MakeError(reason, message);
  status.SetPayload(row_number_url, absl::Cord(std::to_string(row_number)));
  return status;
}

absl::Status MakeWaitError(ErrorReason reason, std::string_view message, absl::Duration wait) {
  absl::Status status = MakeError(reason, message);
  status.SetPayload(wait_url, absl::Cord(std::to_string(absl::ToInt64Microseconds(wait))));
  return status;
}

absl::Status TtlTooShort(absl::Duration least) {
  return MakeError(
      ErrorReason::kOptionInvalid,
      "temporary_password_ttl must be at least " + absl::FormatDuration(least) + " on this server",
      "temporary_password_ttl");
}

absl::Status SeparateCopy(const absl::Status& status) {
  absl::Status copy(status.code(), status.message());
  status.ForEachPayload([&copy](absl::string_view url, const absl::Cord& payload) {
    copy.SetPayload(url, absl::Cord(std::string(payload)));
  });
  return copy;
}

std::optional<ErrorReason> ReasonOf(const absl::Status& status) {
  const auto number = NumberOf(status, reason_url);
  if (!number) return std::nullopt;
  return static_cast<ErrorReason>(*number);
}

std::string_view ErrorReasonName(ErrorReason reason) { return Describe(reason).name; }

std::string FieldOf(const absl::Status& status) {
  const auto payload = status.GetPayload(field_url);
  return payload ? std::string(*payload) : std::string();
}

std::optional<std::int64_t> RowNumberOf(const absl::Status& status) {
  return NumberOf(status, row_number_url);
}

std::optional<absl::Duration> WaitOf(const absl::Status& status) {
  const auto microseconds = NumberOf(status, wait_url);
  if (!microseconds) return std::nullopt;
  return absl::Microseconds(*microseconds);
}

}  // namespace provisioning
