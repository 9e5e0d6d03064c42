// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "grpcpp/support/byte_buffer.h"
#include "provisioning/v1/client_provisioning_service.pb.h"

namespace provisioning {

grpc::ByteBuffer ToBytes(const v1::ImportClientsRequest& message);
// False: it is no such message.
bool FromBytes(grpc::ByteBuffer& bytes, v1::ImportClientsResponse& message);

}  // namespace provisioning
