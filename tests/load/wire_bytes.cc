// SPDX-License-Identifier: Apache-2.0
#include "tests/load/wire_bytes.h"

#include "grpcpp/support/proto_buffer_reader.h"

namespace provisioning {

grpc::ByteBuffer ToBytes(const v1::ImportClientsRequest& message) {
  const grpc::Slice slice(message.SerializeAsString());
  return {&slice, 1};
}

bool FromBytes(grpc::ByteBuffer& bytes, v1::ImportClientsResponse& message) {
  grpc::ProtoBufferReader reader(&bytes);
  return message.ParseFromZeroCopyStream(&reader);
}

}  // namespace provisioning
