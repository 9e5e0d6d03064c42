// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/status_conversion.h"

#include <optional>
#include <string>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "service/model/error.h"

namespace provisioning {
namespace {

constexpr char error_domain[] = "provisioning.v1";

// How long to wait before the next try; 0: waiting does not help.
int RetrySeconds(ErrorReason reason) {
  switch (reason) {
    case ErrorReason::kDraining:
    case ErrorReason::kStreamIdle:
      return 1;
    case ErrorReason::kStoreUnavailable:
      return 2;
    case ErrorReason::kOverloaded:
      return 5;
    case ErrorReason::kDiskFull:
      return 30;
    default:
      return 0;
  }
}

google::rpc::ErrorInfo MakeErrorInfo(const absl::Status& status, ErrorReason reason,
                                     std::int64_t settled_through_row) {
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(ErrorReasonName(reason)));
  info.set_domain(error_domain);
  auto& metadata = *info.mutable_metadata();
  if (settled_through_row >= 0) {
    metadata["settled_through_row"] = std::to_string(settled_through_row);
  }
  if (const std::string field = FieldOf(status); !field.empty()) metadata["field"] = field;
  const auto row_number = RowNumberOf(status);
  if (row_number && reason != ErrorReason::kStoreBehind) {
    metadata["row_number"] = std::to_string(*row_number);
  }
  return info;
}

}  // namespace

grpc::Status ToGrpcStatus(const absl::Status& status, std::int64_t settled_through_row) {
  if (status.ok()) return grpc::Status::OK;
  const std::optional<ErrorReason> reason = ReasonOf(status);
  const auto code = static_cast<grpc::StatusCode>(status.code());
  const std::string message(status.message());
  if (!reason) {
    if (absl::IsNotFound(status) || absl::IsCancelled(status)) return {code, message};
    return {grpc::StatusCode::INTERNAL, "the server made an error; its log has more"};
  }
  google::rpc::Status details;
  details.set_code(static_cast<int>(code));
  details.set_message(message);
  details.add_details()->PackFrom(MakeErrorInfo(status, *reason, settled_through_row));
  absl::Duration wait = WaitOf(status).value_or(absl::Seconds(RetrySeconds(*reason)));
  if (wait > absl::ZeroDuration()) {
    google::rpc::RetryInfo retry;
    auto& delay = *retry.mutable_retry_delay();
    delay.set_seconds(absl::IDivDuration(wait, absl::Seconds(1), &wait));
    delay.set_nanos(static_cast<int>(absl::ToInt64Nanoseconds(wait)));
    details.add_details()->PackFrom(retry);
  }
  return {code, message, details.SerializeAsString()};
}

}  // namespace provisioning
