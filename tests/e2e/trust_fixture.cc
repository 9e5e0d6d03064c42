// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/trust_fixture.h"

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"

namespace provisioning {

std::shared_ptr<grpc::Channel> NewTlsChannel(const std::string& address, const Identity& identity,
                                             const std::string& authorities) {
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = authorities;
  options.pem_cert_chain = identity.certificate;
  options.pem_private_key = identity.key;
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, grpc::SslCredentials(options), arguments);
}

std::string PolicyEntry(const std::string& caller, const std::string& organizations,
                        const std::string& verbs, int streams_max) {
  return absl::StrCat("\"", caller, R"(": {"organizations": )", organizations, R"(, "verbs": )",
                      verbs, R"(, "streams_max": )", streams_max, "}");
}

TrustFixture::TrustFixture() {
  const Identity own = authority_.Issue({.names = {"DNS:localhost", "IP:127.0.0.1"}});
  WriteFile("server.crt", own.certificate);
  WriteFile("server.key", own.key);
  WriteFile("ca.crt", authority_.certificate());
}

TrustFixture::~TrustFixture() {
  if (!server_) return;
  server_->Kill();
  if (HasFailure()) std::printf("--- the server's log:\n%s---\n", server_->log().c_str());
}

void TrustFixture::WritePolicy(const std::vector<std::string>& entries) {
  WriteFile("policy.json",
            absl::StrCat("{\"callers\": {\n", absl::StrJoin(entries, ",\n"), "\n}}\n"));
}

void TrustFixture::WriteFile(const std::string& name, const std::string& content) {
  std::ofstream(folder_.File("next"), std::ios::binary) << content;
  std::filesystem::rename(folder_.File("next"), folder_.File(name));
}

std::unique_ptr<ServerProcess> TrustFixture::Run(const std::vector<std::string>& arguments) const {
  std::vector<std::string> command = {PROVISIOND_PROGRAM};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return std::make_unique<ServerProcess>(command);
}

std::vector<std::string> TrustFixture::Arguments() const {
  return {"--listen",        "127.0.0.1:0",
          "--store",         "sqlite:" + folder_.File("clients.db"),
          "--tls-cert",      folder_.File("server.crt"),
          "--tls-key",       folder_.File("server.key"),
          "--tls-client-ca", folder_.File("ca.crt"),
          "--policy",        folder_.File("policy.json")};
}

void TrustFixture::StartServer(const std::vector<std::string>& command) {
  std::vector<std::string> all = command;
  for (const std::string& argument : Arguments()) all.push_back(argument);
  server_ = std::make_unique<ServerProcess>(all);
  address_ = server_->WaitForAddress();
  ASSERT_NE(address_, "") << server_->log();
}

Identity TrustFixture::NewIdentity(const std::string& spiffe_id) const {
  return authority_.Issue({.names = {"URI:" + spiffe_id}, .extended_key_usage = "clientAuth"});
}

std::shared_ptr<grpc::Channel> TrustFixture::NewChannel(const Identity& identity) const {
  return NewTlsChannel(address_, identity, authority_.certificate());
}

}  // namespace provisioning
