// SPDX-License-Identifier: Apache-2.0
#include "client/health_command.h"

#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/proto_buffer_reader.h>
#include <grpcpp/support/proto_buffer_writer.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "client/connection.h"
#include "client/message.h"
#include "client/report/json_text.h"
#include "client/stdout_end.h"
#include "grpc/health/v1/health.pb.h"

namespace provisioning {
namespace {

// The health protocol's stub is in no package, so the call is made by its name.
grpc::Status CheckHealth(const std::shared_ptr<grpc::Channel>& channel,
                         grpc::health::v1::HealthCheckResponse& response) {
  grpc::ClientContext context;
  SetUnaryDeadline(context);
  const std::string request;  // An empty HealthCheckRequest: the whole server.
  const grpc::Slice slice(request);
  const grpc::ByteBuffer request_bytes(&slice, 1);
  grpc::ByteBuffer response_bytes;
  grpc::CompletionQueue queue;
  grpc::GenericStub stub(channel);
  const auto call =
      stub.PrepareUnaryCall(&context, "/grpc.health.v1.Health/Check", request_bytes, &queue);
  call->StartCall();
  grpc::Status status;
  call->Finish(&response_bytes, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  queue.Shutdown();
  while (queue.Next(&tag, &ok)) {
  }
  if (!status.ok()) return status;
  grpc::ProtoBufferReader reader(&response_bytes);
  if (response.ParseFromZeroCopyStream(&reader)) return status;
  return {grpc::StatusCode::INTERNAL, "the answer cannot be read"};
}

int RunHealth(Connection& connection, bool json) {
  if (absl::Status status = connection.Prepare(); !status.ok()) return Fail(status);
  grpc::health::v1::HealthCheckResponse response;
  const grpc::Status status = CheckHealth(connection.NewChannel(), response);
  if (!status.ok()) return Fail(ReadRpcError(status), connection.server());
  const bool serving = response.status() == grpc::health::v1::HealthCheckResponse::SERVING;
  if (json) {
    std::printf("%s\n", JsonLine(response).c_str());
  } else {
    std::printf("%s: %s\n", connection.server().c_str(), serving ? "serving" : "not serving");
  }
  if (const auto end = StdoutEnd()) return *end;
  return serving ? kExitAccepted : kExitSomeRefused;
}

}  // namespace

void AddHealthCommand(CLI::App& app, Command& chosen) {
  CLI::App* command = app.add_subcommand("health", "Ask the server whether it takes requests");
  struct Flags {
    Connection connection;
    bool json = false;
  };
  const auto flags = std::make_shared<Flags>();
  flags->connection.AddFlags(*command);
  command->add_flag("--json", flags->json, "Print the answer as JSON");
  command->callback(
      [flags, &chosen] { chosen = [flags] { return RunHealth(flags->connection, flags->json); }; });
}

}  // namespace provisioning
