// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "grpcpp/channel.h"
#include "gtest/gtest.h"
#include "provisioning/v1/client_account_service.grpc.pb.h"
#include "provisioning/v1/client_provisioning_service.grpc.pb.h"
#include "tests/e2e/import_messages.h"
#include "tests/support/raw_import_call.h"
#include "tests/support/rpc_error.h"
#include "tests/support/server_process.h"
#include "tests/support/temp_folder.h"

namespace provisioning {

// A provisiond on a database in a folder of its own, and a connection to it. It
// runs from the first use on.
class ProvisiondFixture : public testing::Test {
 protected:
  ~ProvisiondFixture() override;

  std::string database_path() const { return database_path_; }
  // Before the first use.
  void SetDatabasePath(std::string path) { database_path_ = std::move(path); }
  void AddEnvironment(std::string variable) { environment_.push_back(std::move(variable)); }

  // What `provisiond serve` is told besides; before the first use.
  void AddServeFlags(const std::vector<std::string>& flags) {
    serve_flags_.insert(serve_flags_.end(), flags.begin(), flags.end());
  }

  // What serves instead of `provisiond serve`, before its --listen and --store.
  void SetServeCommand(std::vector<std::string> command) { serve_command_ = std::move(command); }

  // Any provisiond, with these arguments.
  std::unique_ptr<ServerProcess> Run(const std::vector<std::string>& arguments) const;
  // The arguments of the server under test.
  std::vector<std::string> ServeArguments() const;

  ServerProcess& server();
  // HOST:PORT.
  const std::string& address();
  // A connection of its own.
  std::shared_ptr<grpc::Channel> NewChannel();
  // The same again and again, until the server is started anew.
  std::shared_ptr<grpc::Channel> channel();
  // After the server has ended: the next use starts another one.
  void Forget();

  // Sends and closes; waits for the end.
  std::unique_ptr<RawImportCall> Import(const std::vector<v1::ImportClientsRequest>& messages);

  v1::ClientProvisioningService::Stub& imports();
  v1::ClientAccountService::Stub& accounts();
  v1::Import GetImport(const std::string& import_id);

 private:
  void EnsureRunning();
  std::unique_ptr<ServerProcess> Serve() const;

  const TempFolder folder_;
  std::string database_path_ = folder_.File("clients.db");
  std::vector<std::string> environment_;
  std::vector<std::string> serve_flags_;
  std::vector<std::string> serve_command_;  // Empty: provisiond itself.
  std::unique_ptr<ServerProcess> server_;
  std::string address_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::ClientProvisioningService::Stub> imports_;
  std::unique_ptr<v1::ClientAccountService::Stub> accounts_;
};

}  // namespace provisioning
