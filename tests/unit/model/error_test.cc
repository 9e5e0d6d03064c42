// SPDX-License-Identifier: Apache-2.0
#include "service/model/error.h"

#include <gtest/gtest.h>

#include <tuple>

namespace provisioning {
namespace {

TEST(ErrorTest, TheReasonDecidesTheCode) {
  const std::tuple<ErrorReason, absl::StatusCode, const char*> table[] = {
      {ErrorReason::kStartMissing, absl::StatusCode::kInvalidArgument, "START_MISSING"},
      {ErrorReason::kOptionInvalid, absl::StatusCode::kInvalidArgument, "OPTION_INVALID"},
      {ErrorReason::kOptionsDiffer, absl::StatusCode::kFailedPrecondition, "OPTIONS_DIFFER"},
      {ErrorReason::kStoreBehind, absl::StatusCode::kFailedPrecondition, "STORE_BEHIND"},
      {ErrorReason::kTakenOver, absl::StatusCode::kAborted, "TAKEN_OVER"},
      {ErrorReason::kDiskFull, absl::StatusCode::kResourceExhausted, "DISK_FULL"},
      {ErrorReason::kDraining, absl::StatusCode::kUnavailable, "DRAINING"},
      {ErrorReason::kOverloaded, absl::StatusCode::kUnavailable, "OVERLOADED"}};
  for (const auto& [reason, code, name] : table) {
    const absl::Status status = MakeError(reason, "what happened");
    EXPECT_EQ(status.code(), code) << name;
    EXPECT_EQ(status.message(), "what happened");
    EXPECT_EQ(ReasonOf(status), reason) << name;
    EXPECT_EQ(ErrorReasonName(reason), name);
  }
}

TEST(ErrorTest, CarriesTheFieldToBlame) {
  EXPECT_EQ(FieldOf(MakeError(ErrorReason::kOptionInvalid, "bad", "import_id")), "import_id");
  EXPECT_EQ(FieldOf(MakeError(ErrorReason::kOptionInvalid, "bad")), "");
}

TEST(ErrorTest, AStatusMadeElsewhereHasNoReason) {
  EXPECT_FALSE(ReasonOf(absl::UnavailableError("away")).has_value());
  EXPECT_FALSE(ReasonOf(absl::OkStatus()).has_value());
  EXPECT_EQ(FieldOf(absl::UnavailableError("away")), "");
}

}  // namespace
}  // namespace provisioning
