// SPDX-License-Identifier: Apache-2.0
// Messages as the bytes that gRPC's generic calls send and receive.
#pragma once

#include "google/protobuf/message.h"
#include "grpcpp/support/byte_buffer.h"

namespace provisioning {

inline constexpr char import_method[] = "/provisioning.v1.ClientProvisioningService/ImportClients";

grpc::ByteBuffer ToBytes(const google::protobuf::Message& message);
// False: it is no such message.
bool FromBytes(grpc::ByteBuffer& bytes, google::protobuf::Message& message);

}  // namespace provisioning
