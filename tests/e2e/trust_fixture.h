// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "grpcpp/channel.h"
#include "gtest/gtest.h"
#include "tests/support/server_process.h"
#include "tests/support/temp_folder.h"
#include "tests/support/test_authority.h"

namespace provisioning {

// A connection of its own to `address`, by TLS: shows `identity` (an empty one: no
// certificate), and trusts these authorities.
std::shared_ptr<grpc::Channel> NewTlsChannel(const std::string& address, const Identity& identity,
                                             const std::string& authorities);

// The entry of a caller in a policy.
std::string PolicyEntry(const std::string& caller, const std::string& organizations,
                        const std::string& verbs, int streams_max = 16);
inline constexpr char every_verb[] =
    R"(["import", "validate", "read", "create", "activate", "verify", "reissue", "delete",)"
    R"( "revert"])";

// A provisiond that takes TLS alone, and an authority that vouches for it and for its
// callers.
class TrustFixture : public testing::Test {
 protected:
  TrustFixture();
  ~TrustFixture() override;

  // In one step; entries as PolicyEntry makes them.
  void WritePolicy(const std::vector<std::string>& entries);
  void WriteFile(const std::string& name, const std::string& content);

  // `provisiond` with these arguments.
  std::unique_ptr<ServerProcess> Run(const std::vector<std::string>& arguments) const;
  // Behind the name of the command.
  std::vector<std::string> Arguments() const;
  // `command` comes before these arguments.
  void StartServer(const std::vector<std::string>& command = {PROVISIOND_PROGRAM, "serve"});

  // With this SPIFFE id.
  Identity NewIdentity(const std::string& spiffe_id) const;
  std::shared_ptr<grpc::Channel> NewChannel(const Identity& identity) const;

  const TempFolder folder_;
  const TestAuthority authority_{"the authority"};
  std::unique_ptr<ServerProcess> server_;
  std::string address_;  // HOST:PORT
};

}  // namespace provisioning
