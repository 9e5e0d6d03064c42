// SPDX-License-Identifier: Apache-2.0
#include "tests/support/wire_bytes.h"

#include "grpcpp/support/proto_buffer_reader.h"

namespace provisioning {

grpc::ByteBuffer ToBytes(const google::protobuf::Message& message) {
  const grpc::Slice slice(message.SerializeAsString());
  return {&slice, 1};
}

bool FromBytes(grpc::ByteBuffer& bytes, google::protobuf::Message& message) {
  grpc::ProtoBufferReader reader(&bytes);
  return message.ParseFromZeroCopyStream(&reader);
}

}  // namespace provisioning
