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

int CountOf(const std::string& text, const std::string& log) {
  int count = 0;
  for (std::size_t at = log.find(text); at != std::string::npos; at = log.find(text, at + 1)) {
    ++count;
  }
  return count;
}

// Nothing hides behind something else, and nothing is said twice.
TEST_F(CheckConfigTest, SaysEachOnce) {
  WritePolicy({PolicyEntry("web.example", "\"*\"", R"(["write"])")});
  const auto check =
      Run({"check-config", "--listen", "127.0.0.1:99999", "--store", "mysql:x", "--health-listen",
           "localhost:1", "--metrics-listen", "nope", "--policy", folder_.File("policy.json"),
           "--tls-cert", folder_.File("no.crt"), "--log-format", "json"});
  EXPECT_EQ(check->Wait(), 1);
  const std::string log = check->log();
  for (const char* problem :
       {"--listen 127.0.0.1:99999: must be HOST:PORT", "must be sqlite:PATH",
        "--health-listen localhost:1: must be IP:PORT", "--metrics-listen nope: must be IP:PORT",
        "callers[\\\"web.example\\\"].verbs[0]", "no.crt: No such file",
        "missing: --tls-key, --tls-client-ca"}) {
    EXPECT_EQ(CountOf(problem, log), 1) << problem << " in\n" << log;
  }
  EXPECT_EQ(CountOf("\n", log), 7) << log;
  EXPECT_EQ(CountOf("{\"time\":", log), 7) << log;
}

// Before there is a store.
TEST_F(CheckConfigTest, ABadListenerOfSignals) {
  for (const char* flag : {"--metrics-listen", "--health-listen"}) {
    const auto serve = RunWith("serve", {flag, "nope"});
    EXPECT_EQ(serve->Wait(), 1);
    EXPECT_THAT(serve->log(), HasSubstr(std::string(flag) + " nope: must be IP:PORT"));
    EXPECT_FALSE(std::filesystem::exists(folder_.File("clients.db"))) << flag;
  }
}

// What the word means shows when it is looked up.
TEST_F(CheckConfigTest, ALocalhostThatIsNone) {
  ServerProcess serve({PROVISIOND_PROGRAM, "serve", "--listen", "localhost:0", "--store",
                       "sqlite:" + folder_.File("clients.db"), "--insecure-loopback"},
                      {"LD_PRELOAD=" LYING_RESOLVER_LIBRARY,
                       // The sanitizer wants to be loaded first, and need not be.
                       "ASAN_OPTIONS=verify_asan_link_order=0"});
  EXPECT_EQ(serve.Wait(), 1);
  EXPECT_THAT(serve.log(), HasSubstr("give 127.0.0.1 or [::1]"));
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
