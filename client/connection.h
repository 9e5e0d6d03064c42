// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/security/credentials.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace CLI {
class App;
}

namespace provisioning {

// Where the server is and how to speak to it: flags, else the environment.
class Connection {
 public:
  // Adds --server, --plaintext, --cacert, --cert and --key.
  void AddFlags(CLI::App& app);

  // Reads the certificates, once. FAILED_PRECONDITION: the flags do not
  // fit together. UNAVAILABLE: a file cannot be read, or is no good.
  absl::Status Prepare();
  // A connection of its own, after Prepare.
  std::shared_ptr<grpc::Channel> NewChannel() const;

  const std::string& server() const { return server_; }
  // The flags that say the same, for a command line.
  std::vector<std::string> Arguments() const;

 private:
  absl::Status CheckFiles(const grpc::SslCredentialsOptions& options) const;

  std::string server_;
  bool plaintext_ = false;
  std::string ca_file_;
  std::string certificate_file_;
  std::string key_file_;
  std::shared_ptr<grpc::ChannelCredentials> credentials_;
};

// How long calls that ask one thing may take; for the whole process, before the
// first of them.
void SetUnaryTimeout(absl::Duration timeout);
absl::Duration UnaryTimeout();
void SetUnaryDeadline(grpc::ClientContext& context);

}  // namespace provisioning
