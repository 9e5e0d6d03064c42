// SPDX-License-Identifier: Apache-2.0
#include "service/server/own_services.h"

#include "grpcpp/ext/proto_server_reflection_plugin.h"

namespace provisioning {

void OwnServices::UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) {
  std::erase_if(*plugins, [this](const auto& plugin) {
    return !channelz_ || plugin->name() != "channelz_service";
  });
  if (reflection_) {
    plugins->push_back(std::make_unique<grpc::reflection::ProtoServerReflectionPlugin>());
  }
}

}  // namespace provisioning
