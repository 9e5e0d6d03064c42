// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"
#include "provisioning/v1/client_provisioning_service.pb.h"
#include "service/import/stream_start.h"

namespace provisioning {

// From 1 second to 90 days, in whole seconds; what a server's own minimum is, the
// core knows. kOptionInvalid names `field`.
absl::StatusOr<absl::Duration> CheckTtl(const google::protobuf::Duration& ttl,
                                        std::string_view field);

// A value of the contract. kOptionInvalid names the field.
absl::StatusOr<MissingPassword> CheckMissingPassword(v1::MissingPassword value);

// Checks every field of `start`. kOptionInvalid names the field.
absl::StatusOr<StreamStart> CheckStart(const v1::ImportStart& start);

}  // namespace provisioning
