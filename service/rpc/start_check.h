// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/statusor.h"
#include "provisioning/v1/client_provisioning_service.pb.h"
#include "service/import/stream_start.h"

namespace provisioning {

// Checks every field of `start`. kOptionInvalid names the field.
absl::StatusOr<StreamStart> CheckStart(const v1::ImportStart& start);

}  // namespace provisioning
