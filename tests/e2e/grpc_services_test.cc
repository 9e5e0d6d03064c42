// SPDX-License-Identifier: Apache-2.0
// gRPC's own services, which are there for who asks for them.
#include <memory>
#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "gtest/gtest.h"
#include "tests/e2e/watched_provisiond.h"
#include "tests/support/wire_bytes.h"

namespace provisioning {
namespace {

using testing::HasSubstr;

constexpr char reflection[] = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";
constexpr char channelz[] = "/grpc.channelz.v1.Channelz/GetServers";
// list_services = 7: "*".
constexpr char list_services[] = "\x3a\x01*";

// Sends one message, whatever the method is, and closes; the status, and what came
// first.
std::pair<grpc::Status, std::string> Call(const std::shared_ptr<grpc::Channel>& channel,
                                          const std::string& method, const std::string& bytes) {
  grpc::CompletionQueue queue;
  grpc::ClientContext context;
  grpc::GenericStub stub(channel);
  void* tag = nullptr;
  bool ok = false;
  const auto call = stub.PrepareCall(&context, method, &queue);
  call->StartCall(nullptr);
  queue.Next(&tag, &ok);
  const grpc::Slice slice(bytes);
  call->WriteLast(grpc::ByteBuffer(&slice, 1), grpc::WriteOptions(), nullptr);
  queue.Next(&tag, &ok);
  grpc::ByteBuffer answer;
  call->Read(&answer, nullptr);
  queue.Next(&tag, &ok);
  std::string text;
  if (ok) {
    grpc::Slice whole;
    if (answer.DumpToSingleSlice(&whole).ok()) {
      text.assign(reinterpret_cast<const char*>(whole.begin()), whole.size());
    }
  }
  grpc::Status status;
  call->Finish(&status, nullptr);
  queue.Next(&tag, &ok);
  queue.Shutdown();
  while (queue.Next(&tag, &ok)) {
  }
  return {status, text};
}

class GrpcServicesTest : public WatchedProvisiond {
 protected:
  std::shared_ptr<grpc::Channel> Probed() {
    return grpc::CreateChannel(health_address(), grpc::InsecureChannelCredentials());
  }
};

TEST_F(GrpcServicesTest, AreNotThereUnasked) {
  EXPECT_EQ(Call(channel(), reflection, list_services).first.error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_EQ(Call(channel(), channelz, "").first.error_code(), grpc::StatusCode::UNIMPLEMENTED);
}

TEST_F(GrpcServicesTest, AreThereForCallersWhenAskedFor) {
  AddServeFlags({"--reflection", "--channelz"});
  const auto [reflected, services] = Call(channel(), reflection, list_services);
  EXPECT_TRUE(reflected.ok()) << reflected.error_message();
  for (const char* service :
       {"provisioning.v1.ClientProvisioningService", "provisioning.v1.ClientAccountService",
        "grpc.health.v1.Health", "grpc.channelz.v1.Channelz"}) {
    EXPECT_THAT(services, HasSubstr(service));
  }
  const auto [looked, servers] = Call(channel(), channelz, "");
  EXPECT_TRUE(looked.ok()) << looked.error_message();
  EXPECT_NE(servers, "");
  EXPECT_EQ(Call(Probed(), reflection, list_services).first.error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_EQ(Call(Probed(), channelz, "").first.error_code(), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_EQ(server().Terminate(), 0);
}

}  // namespace
}  // namespace provisioning
