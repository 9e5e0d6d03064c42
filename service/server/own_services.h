// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "grpcpp/server_builder.h"

namespace provisioning {

// What a server has of gRPC's own services. A program that is linked with reflection
// has it in every server, asked for or not, and one that has once asked for channelz
// has that.
class OwnServices final : public grpc::ServerBuilderOption {
 public:
  OwnServices(bool reflection, bool channelz) : reflection_(reflection), channelz_(channelz) {}

  void UpdateArguments(grpc::ChannelArguments* /*arguments*/) override {}
  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) override;

 private:
  const bool reflection_;
  const bool channelz_;
};

}  // namespace provisioning
