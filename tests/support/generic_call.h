// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "grpcpp/channel.h"
#include "grpcpp/support/status.h"

namespace provisioning {

// Every RPC of both services, as the contract that is linked has them.
std::vector<const google::protobuf::MethodDescriptor*> AllMethods();

struct GenericAnswer {
  grpc::Status status;
  std::vector<std::string> messages;  // In bytes.
};
// Sends these messages, in bytes, closes, and waits for the end: any RPC, of any kind.
// `path`: "/package.Service/Method".
GenericAnswer CallMethod(const std::shared_ptr<grpc::Channel>& channel, const std::string& path,
                         const std::vector<std::string>& requests);
GenericAnswer CallMethod(const std::shared_ptr<grpc::Channel>& channel,
                         const google::protobuf::MethodDescriptor& method,
                         const std::vector<std::string>& requests);

}  // namespace provisioning
