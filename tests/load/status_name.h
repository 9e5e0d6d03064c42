// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "grpcpp/support/status.h"

namespace provisioning {

// "UNAVAILABLE" and the like.
std::string StatusName(grpc::StatusCode code);

}  // namespace provisioning
