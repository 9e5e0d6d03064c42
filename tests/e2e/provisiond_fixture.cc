// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/provisiond_fixture.h"

#include <cstdio>
#include <cstdlib>

#include "grpcpp/create_channel.h"

namespace provisioning {

ProvisiondFixture::~ProvisiondFixture() {
  if (!server_) return;
  server_->Kill();
  if (HasFailure()) std::printf("--- the server's log:\n%s---\n", server_->log().c_str());
}

std::unique_ptr<ServerProcess> ProvisiondFixture::Run(
    const std::vector<std::string>& arguments) const {
  std::vector<std::string> command = {PROVISIOND_PROGRAM};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return std::make_unique<ServerProcess>(command, environment_);
}

std::vector<std::string> ProvisiondFixture::ServeArguments() const {
  std::vector<std::string> arguments = {"serve",
                                        "--listen",
                                        "127.0.0.1:0",
                                        "--store",
                                        "sqlite:" + database_path_,
                                        "--insecure-loopback"};
  arguments.insert(arguments.end(), serve_flags_.begin(), serve_flags_.end());
  return arguments;
}

std::unique_ptr<ServerProcess> ProvisiondFixture::Serve() const {
  if (serve_command_.empty()) return Run(ServeArguments());
  std::vector<std::string> command = serve_command_;
  for (const char* argument : {"--listen", "127.0.0.1:0", "--store"}) command.push_back(argument);
  command.push_back("sqlite:" + database_path_);
  return std::make_unique<ServerProcess>(command, environment_);
}

ServerProcess& ProvisiondFixture::server() {
  EnsureRunning();
  return *server_;
}

const std::string& ProvisiondFixture::address() {
  EnsureRunning();
  return address_;
}

std::shared_ptr<grpc::Channel> ProvisiondFixture::NewChannel() {
  grpc::ChannelArguments arguments;
  // Otherwise channels share their connections.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address(), grpc::InsecureChannelCredentials(), arguments);
}

std::shared_ptr<grpc::Channel> ProvisiondFixture::channel() {
  EnsureRunning();
  return channel_;
}

void ProvisiondFixture::Forget() {
  imports_.reset();
  accounts_.reset();
  channel_.reset();
  server_.reset();
}

std::unique_ptr<RawImportCall> ProvisiondFixture::Import(
    const std::vector<v1::ImportClientsRequest>& messages) {
  auto call = std::make_unique<RawImportCall>(channel());
  for (const v1::ImportClientsRequest& message : messages) call->Send(message);
  call->Close();
  (void)call->Wait();
  return call;
}

v1::ClientProvisioningService::Stub& ProvisiondFixture::imports() {
  EnsureRunning();
  return *imports_;
}

v1::ClientAccountService::Stub& ProvisiondFixture::accounts() {
  EnsureRunning();
  return *accounts_;
}

v1::Import ProvisiondFixture::GetImport(const std::string& import_id) {
  v1::GetImportRequest request;
  request.set_organization_id(test_organization);
  request.set_import_id(import_id);
  grpc::ClientContext context;
  v1::GetImportResponse response;
  const grpc::Status status = imports().GetImport(&context, request, &response);
  EXPECT_TRUE(status.ok()) << ReadRpcError(status);
  return response.import();
}

void ProvisiondFixture::EnsureRunning() {
  if (server_) return;
  server_ = Serve();
  address_ = server_->WaitForAddress();
  if (address_.empty()) {
    std::printf("it did not start:\n%s\n", server_->log().c_str());
    std::abort();
  }
  channel_ = NewChannel();
  imports_ = v1::ClientProvisioningService::NewStub(channel_);
  accounts_ = v1::ClientAccountService::NewStub(channel_);
}

}  // namespace provisioning
