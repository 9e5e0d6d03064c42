// SPDX-License-Identifier: Apache-2.0
#include "tests/support/generic_call.h"

#include "absl/time/clock.h"
#include "grpcpp/client_context.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/generic/generic_stub.h"
#include "provisioning/v1/client_account_service.pb.h"
#include "provisioning/v1/client_provisioning_service.pb.h"

namespace provisioning {
namespace {

constexpr absl::Duration deadline = absl::Seconds(60);

std::string TextOf(grpc::ByteBuffer& bytes) {
  std::vector<grpc::Slice> slices;
  std::string text;
  if (!bytes.Dump(&slices).ok()) return text;
  for (const grpc::Slice& slice : slices) {
    text.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return text;
}

// Waits for the one operation that is under way.
bool Next(grpc::CompletionQueue& queue) {
  void* tag = nullptr;
  bool ok = false;
  return queue.Next(&tag, &ok) && ok;
}

}  // namespace

std::vector<const google::protobuf::MethodDescriptor*> AllMethods() {
  std::vector<const google::protobuf::MethodDescriptor*> methods;
  for (const auto* file : {v1::ImportClientsRequest::descriptor()->file(),
                           v1::GetClientRequest::descriptor()->file()}) {
    for (int i = 0; i < file->service_count(); ++i) {
      for (int j = 0; j < file->service(i)->method_count(); ++j) {
        methods.push_back(file->service(i)->method(j));
      }
    }
  }
  return methods;
}

GenericAnswer CallMethod(const std::shared_ptr<grpc::Channel>& channel,
                         const google::protobuf::MethodDescriptor& method,
                         const std::vector<std::string>& requests) {
  return CallMethod(channel, "/" + method.service()->full_name() + "/" + method.name(), requests);
}

GenericAnswer CallMethod(const std::shared_ptr<grpc::Channel>& channel, const std::string& path,
                         const std::vector<std::string>& requests) {
  grpc::CompletionQueue queue;
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + deadline));
  grpc::GenericStub stub(channel);
  const auto call = stub.PrepareCall(&context, path, &queue);
  call->StartCall(nullptr);
  bool ok = Next(queue);
  for (std::size_t i = 0; ok && i < requests.size(); ++i) {
    const grpc::Slice slice(requests[i]);
    call->Write(grpc::ByteBuffer(&slice, 1), nullptr);
    ok = Next(queue);
  }
  if (ok) {
    call->WritesDone(nullptr);
    Next(queue);
  }
  GenericAnswer answer;
  grpc::ByteBuffer message;
  for (;;) {
    call->Read(&message, nullptr);
    if (!Next(queue)) break;
    answer.messages.push_back(TextOf(message));
  }
  call->Finish(&answer.status, nullptr);
  Next(queue);
  queue.Shutdown();
  while (Next(queue)) {
  }
  return answer;
}

}  // namespace provisioning
