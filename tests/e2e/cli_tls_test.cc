// SPDX-License-Identifier: Apache-2.0
// provision over mTLS: what people see when it works, and when it does not.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/trust_fixture.h"

namespace provisioning {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr char caller[] = "spiffe://clinic.example/desk";

class CliTlsTest : public TrustFixture {
 protected:
  CliTlsTest() {
    WritePolicy({PolicyEntry(caller, R"(["practice"])", every_verb)});
    StartServer();
    WriteClient(NewIdentity(caller));
    WriteFile("clients.csv",
              "email_address,first_name,last_name\nada@practice.example,Ada,Lund\n"
              "bo@practice.example,Bo,Strand\n");
  }
  void WriteClient(const Identity& identity) {
    WriteFile("client.crt", identity.certificate);
    WriteFile("client.key", identity.key);
  }

  struct Ran {
    int exit_code = -1;
    std::string log;
  };
  Ran Provision(std::vector<std::string> arguments,
                const std::vector<std::string>& connection) const {
    arguments.insert(arguments.begin(), PROVISION_PROGRAM);
    arguments.insert(arguments.end(), connection.begin(), connection.end());
    ServerProcess process(arguments);
    const int exit_code = process.Wait(absl::Minutes(2)).value_or(-1);
    return {exit_code, process.log()};
  }
  std::vector<std::string> Connection() const {
    return {"--server", address_,
            "--cacert", folder_.File("ca.crt"),
            "--cert",   folder_.File("client.crt"),
            "--key",    folder_.File("client.key")};
  }
  Ran Provision(const std::vector<std::string>& arguments) const {
    return Provision(arguments, Connection());
  }
  Ran Import(const std::string& organization) const {
    return Provision({"import", folder_.File("clients.csv"), "--organization", organization,
                      "--generate-passwords", "--yes", "--reconnect-timeout", "2s"});
  }
};

TEST_F(CliTlsTest, ImportsAndLooksAfterwards) {
  const Ran health = Provision({"health"});
  EXPECT_EQ(health.exit_code, 0) << health.log;
  const Ran imported = Import("practice");
  EXPECT_EQ(imported.exit_code, 0) << imported.log;
  EXPECT_THAT(imported.log, HasSubstr("2  created"));
  const Ran listed = Provision({"clients", "list", "--organization", "practice"});
  EXPECT_EQ(listed.exit_code, 0) << listed.log;
  EXPECT_THAT(listed.log, HasSubstr("ada@practice.example"));
}

TEST_F(CliTlsTest, AnotherOrganization) {
  for (const Ran& ran :
       {Import("elsewhere"), Provision({"clients", "list", "--organization", "elsewhere"}),
        Provision({"imports", "list", "--organization", "elsewhere"})}) {
    EXPECT_EQ(ran.exit_code, 5) << ran.log;
    EXPECT_THAT(ran.log, AllOf(HasSubstr("not allowed"), HasSubstr(caller),
                               HasSubstr("in this organization")));
  }
}

TEST_F(CliTlsTest, ACertificateThatNamesNobody) {
  WriteClient(authority_.Issue({}));
  for (const Ran& ran :
       {Import("practice"), Provision({"clients", "list", "--organization", "practice"})}) {
    EXPECT_EQ(ran.exit_code, 5) << ran.log;
    EXPECT_THAT(ran.log, AllOf(HasSubstr("not allowed"), HasSubstr("one SPIFFE id")));
  }
}

// All commands that the server's handshake keeps out.
class HandshakeTest : public CliTlsTest {
 protected:
  template <typename Matcher>
  void ExpectUnreachable(const Matcher& said) const {
    for (const Ran& ran : {Provision({"health"}), Import("practice"),
                           Provision({"clients", "list", "--organization", "practice"})}) {
      EXPECT_EQ(ran.exit_code, 4) << ran.log;
      EXPECT_THAT(ran.log, said);
    }
  }
};

TEST_F(HandshakeTest, AServerOfAnotherAuthority) {
  WriteFile("ca.crt", TestAuthority("another").certificate());
  ExpectUnreachable(AllOf(HasSubstr("handshake"), HasSubstr("--cacert")));
}

TEST_F(HandshakeTest, AServerOfAnotherName) {
  const Identity other = authority_.Issue({.names = {"DNS:elsewhere.example"}});
  WriteFile("server.crt", other.certificate);
  WriteFile("server.key", other.key);
  StartServer();
  ExpectUnreachable(AllOf(HasSubstr("handshake"), HasSubstr("another name")));
}

TEST_F(HandshakeTest, ACertificateThatTheServerDoesNotTrust) {
  WriteClient(TestAuthority("another").Issue({.names = {std::string("URI:") + caller}}));
  ExpectUnreachable(HasSubstr("--cert"));
}

TEST_F(CliTlsTest, NoCertificate) {
  const Ran ran = Provision({"health"}, {"--server", address_, "--cacert", folder_.File("ca.crt")});
  EXPECT_EQ(ran.exit_code, 4) << ran.log;
  EXPECT_THAT(ran.log, HasSubstr("--cert"));
}

TEST_F(CliTlsTest, Plaintext) {
  const Ran ran = Provision({"health"}, {"--server", address_, "--plaintext"});
  EXPECT_EQ(ran.exit_code, 4) << ran.log;
  EXPECT_THAT(ran.log, HasSubstr("--cacert"));
}

// What is wrong with one's own files is said before anything is sent.
TEST_F(CliTlsTest, FilesThatAreNoGood) {
  const Identity good = NewIdentity(caller);
  WriteClient({good.certificate, NewIdentity(caller).key});
  Ran ran = Provision({"health"});
  EXPECT_EQ(ran.exit_code, 3);
  EXPECT_THAT(ran.log, AllOf(HasSubstr("--key"), HasSubstr("not the key of the certificate")));
  WriteClient(authority_.Issue({.end = absl::Now() - absl::Seconds(1)}));
  ran = Provision({"health"});
  EXPECT_EQ(ran.exit_code, 3);
  EXPECT_THAT(ran.log, AllOf(HasSubstr("--cert"), HasSubstr("expired at")));
  WriteFile("ca.crt", "");
  ran = Provision({"health"});
  EXPECT_EQ(ran.exit_code, 3);
  EXPECT_THAT(ran.log, AllOf(HasSubstr("--cacert"), HasSubstr("no certificates")));
}

}  // namespace
}  // namespace provisioning
