// SPDX-License-Identifier: Apache-2.0
// `provisiond check-config` says what is wrong, and `serve` does not start with it.
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/trust_fixture.h"

namespace provisioning {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class CheckConfigTest : public TrustFixture {
 protected:
  CheckConfigTest() { WritePolicy({PolicyEntry("web.example", "\"*\"", R"(["read"])")}); }

  std::unique_ptr<ServerProcess> RunWith(const std::string& command,
                                         const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {command};
    for (const std::string& argument : Arguments()) arguments.push_back(argument);
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Run(arguments);
  }
  template <typename Matcher>
  void ExpectProblem(const Matcher& said) const {
    for (const char* command : {"check-config", "serve"}) {
      const auto process = RunWith(command);
      EXPECT_EQ(process->Wait(), 1) << command;
      EXPECT_THAT(process->log(), said) << command;
    }
    EXPECT_FALSE(std::filesystem::exists(folder_.File("clients.db")));
  }
  void WriteServer(const TestAuthority::Request& request) {
    const Identity identity = authority_.Issue(request);
    WriteFile("server.crt", identity.certificate);
    WriteFile("server.key", identity.key);
  }
};

TEST_F(CheckConfigTest, NothingIsWrong) {
  const auto check = RunWith("check-config");
  EXPECT_EQ(check->Wait(), 0) << check->log();
  EXPECT_FALSE(std::filesystem::exists(folder_.File("clients.db"))) << "the store is not touched";
}

TEST_F(CheckConfigTest, AnAddressForAll) {
  const auto check =
      Run({"check-config", "--listen", "0.0.0.0:443", "--store", "sqlite:x", "--tls-cert",
           folder_.File("server.crt"), "--tls-key", folder_.File("server.key"), "--tls-client-ca",
           folder_.File("ca.crt"), "--policy", folder_.File("policy.json")});
  EXPECT_EQ(check->Wait(), 0) << check->log();
}

TEST_F(CheckConfigTest, FilesThatAreNotThere) {
  for (const char* file : {"server.crt", "server.key", "ca.crt", "policy.json"}) {
    std::filesystem::rename(folder_.File(file), folder_.File("away"));
    ExpectProblem(AllOf(HasSubstr(folder_.File(file)), HasSubstr("No such file")));
    std::filesystem::rename(folder_.File("away"), folder_.File(file));
  }
}

TEST_F(CheckConfigTest, AnotherKey) {
  WriteFile("server.key", authority_.Issue({}).key);
  ExpectProblem(AllOf(HasSubstr("--tls-key"), HasSubstr("not the key of the certificate")));
}

TEST_F(CheckConfigTest, CertificatesOfAnotherTime) {
  WriteServer({.names = {"DNS:localhost"}, .end = absl::Now() - absl::Minutes(1)});
  ExpectProblem(AllOf(HasSubstr("--tls-cert"), HasSubstr("expired at")));
  WriteServer({.names = {"DNS:localhost"}, .begin = absl::Now() + absl::Minutes(1)});
  ExpectProblem(AllOf(HasSubstr("--tls-cert"), HasSubstr("is not valid before")));
}

TEST_F(CheckConfigTest, FilesOfAnotherKind) {
  WriteServer({.names = {"DNS:localhost"}, .extended_key_usage = "clientAuth"});
  ExpectProblem(AllOf(HasSubstr("--tls-cert"), HasSubstr("serverAuth")));
  WriteServer({.names = {"DNS:localhost"}});
  WriteFile("ca.crt", "nonsense");
  ExpectProblem(AllOf(HasSubstr("--tls-client-ca"), HasSubstr("no certificates")));
}

TEST_F(CheckConfigTest, ABadPolicy) {
  WritePolicy({PolicyEntry("web.example", "\"*\"", R"(["read", "write"])")});
  ExpectProblem(AllOf(HasSubstr("--policy"), HasSubstr(R"(callers["web.example"].verbs[1])")));
}

TEST_F(CheckConfigTest, SaysAllOfIt) {
  std::filesystem::remove(folder_.File("ca.crt"));
  WriteFile("policy.json", "{}");
  WriteFile("server.key", "");
  const auto check =
      RunWith("check-config", {"--hash-cost", "m=1,t=1", "--organization-share", "x"});
  EXPECT_EQ(check->Wait(), 1);
  for (const char* flag :
       {"--tls-client-ca", "--policy", "--tls-key", "--hash-cost", "--organization-share"}) {
    EXPECT_THAT(check->log(), HasSubstr(flag));
  }
}

TEST_F(CheckConfigTest, FlagsThatDoNotFit) {
  const std::vector<std::string> plain = {"check-config", "--listen", "0.0.0.0:1",
                                          "--store",      "mysql:x",  "--insecure-loopback"};
  const auto check = Run(plain);
  EXPECT_EQ(check->Wait(), 1);
  EXPECT_THAT(check->log(), AllOf(HasSubstr("loopback"), HasSubstr("must be sqlite:PATH")));
  const auto both = RunWith("check-config", {"--insecure-loopback"});
  EXPECT_EQ(both->Wait(), 1);
  EXPECT_THAT(both->log(), HasSubstr("excludes"));
  const auto unknown = RunWith("check-config", {"--no-such-flag"});
  EXPECT_EQ(unknown->Wait(), 2);
}

}  // namespace
}  // namespace provisioning
