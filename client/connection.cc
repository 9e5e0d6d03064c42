// SPDX-License-Identifier: Apache-2.0
#include "client/connection.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/support/channel_arguments.h>

#include <CLI/CLI.hpp>
#include <utility>

#include "absl/time/clock.h"
#include "service/trust/pem_check.h"
#include "service/trust/text_file.h"

namespace provisioning {
namespace {

// Servers allow a ping every 30 seconds.
constexpr int keepalive_milliseconds = 40'000;
constexpr int keepalive_timeout_milliseconds = 10'000;
constexpr std::size_t file_bytes_max = 4 << 20;

absl::Status ReadFile(const std::string& flag, const std::string& path, std::string& content) {
  if (path.empty()) return absl::OkStatus();
  auto text = ReadTextFile(path, file_bytes_max);
  if (!text.ok()) {
    return absl::UnavailableError(flag + " " + std::string(text.status().message()));
  }
  content = *std::move(text);
  return absl::OkStatus();
}

// dns:///NAME:PORT, ipv4:ADDRESS:PORT,ADDRESS:PORT
bool NamesSeveral(const std::string& server) {
  return server.starts_with("dns:") || server.find(',') != std::string::npos;
}

absl::Duration& TimeoutOfProcess() {
  static absl::Duration timeout = absl::Seconds(20);
  return timeout;
}

}  // namespace

void Connection::AddFlags(CLI::App& app) {
  const std::string group = "Connection";
  app.add_option("--server", server_, "The server")
      ->type_name("HOST:PORT")
      ->envname("PROVISION_SERVER")
      ->group(group);
  app.add_flag("--plaintext", plaintext_, "Speak without TLS (for a server on this machine)")
      ->envname("PROVISION_PLAINTEXT")
      ->group(group);
  app.add_option("--cacert", ca_file_, "Trust servers that these certificates vouch for (PEM)")
      ->type_name("FILE")
      ->envname("PROVISION_CACERT")
      ->group(group);
  app.add_option("--cert", certificate_file_, "The certificate to show to the server (PEM)")
      ->type_name("FILE")
      ->envname("PROVISION_CERT")
      ->group(group);
  app.add_option("--key", key_file_, "The private key of --cert (PEM)")
      ->type_name("FILE")
      ->envname("PROVISION_KEY")
      ->group(group);
}

absl::Status Connection::Prepare() {
  if (server_.empty()) {
    return absl::FailedPreconditionError(
        "which server? Give --server HOST:PORT, or set PROVISION_SERVER");
  }
  if (plaintext_) {
    if (!ca_file_.empty() || !certificate_file_.empty() || !key_file_.empty()) {
      return absl::FailedPreconditionError("--plaintext excludes --cacert, --cert and --key");
    }
    credentials_ = grpc::InsecureChannelCredentials();
    return absl::OkStatus();
  }
  if (certificate_file_.empty() != key_file_.empty()) {
    return absl::FailedPreconditionError("--cert and --key go together");
  }
  grpc::SslCredentialsOptions options;
  struct CredentialFile {
    const char* flag;
    const std::string& path;
    std::string& content;
  };
  const CredentialFile files[] = {{"--cacert", ca_file_, options.pem_root_certs},
                                  {"--cert", certificate_file_, options.pem_cert_chain},
                                  {"--key", key_file_, options.pem_private_key}};
  for (const auto& [flag, path, content] : files) {
    if (absl::Status status = ReadFile(flag, path, content); !status.ok()) return status;
  }
  if (absl::Status status = CheckFiles(options); !status.ok()) return status;
  credentials_ = grpc::SslCredentials(options);
  return absl::OkStatus();
}

// gRPC would only say, much later, that a handshake failed.
absl::Status Connection::CheckFiles(const grpc::SslCredentialsOptions& options) const {
  const auto judge = [](const char* flag, const std::string& path, const absl::Status& status) {
    if (status.ok()) return status;
    return absl::UnavailableError(std::string(flag) + " " + path + ": " +
                                  std::string(status.message()));
  };
  absl::Status status;
  if (!ca_file_.empty()) {
    status = judge("--cacert", ca_file_, CheckAuthorities(options.pem_root_certs, absl::Now()));
  }
  if (certificate_file_.empty() || !status.ok()) return status;
  const std::string& certificate = options.pem_cert_chain;
  status = judge("--cert", certificate_file_,
                 CheckCertificate(certificate, CertificateUse::kClient, absl::Now()));
  if (!status.ok()) return status;
  return judge("--key", key_file_, CheckKey(options.pem_private_key, certificate));
}

std::shared_ptr<grpc::Channel> Connection::NewChannel() const {
  grpc::ChannelArguments arguments;
  // Otherwise channels share their sockets, and a broken one with them.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, keepalive_milliseconds);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, keepalive_timeout_milliseconds);
  // Left alone, gRPC stays with the first address that answers.
  if (NamesSeveral(server_)) arguments.SetLoadBalancingPolicyName("round_robin");
  return grpc::CreateCustomChannel(server_, credentials_, arguments);
}

std::vector<std::string> Connection::Arguments() const {
  std::vector<std::string> arguments = {"--server", server_};
  if (plaintext_) arguments.push_back("--plaintext");
  const std::pair<std::string, std::string> files[] = {
      {"--cacert", ca_file_}, {"--cert", certificate_file_}, {"--key", key_file_}};
  for (const auto& [flag, path] : files) {
    if (path.empty()) continue;
    arguments.push_back(flag);
    arguments.push_back(path);
  }
  return arguments;
}

void SetUnaryTimeout(absl::Duration timeout) { TimeoutOfProcess() = timeout; }

absl::Duration UnaryTimeout() { return TimeoutOfProcess(); }

void SetUnaryDeadline(grpc::ClientContext& context) {
  context.set_deadline(absl::ToChronoTime(absl::Now() + UnaryTimeout()));
}

}  // namespace provisioning
