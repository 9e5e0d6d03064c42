// SPDX-License-Identifier: Apache-2.0
#include "service/server/serve_config.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace provisioning {
namespace {

using testing::HasSubstr;

absl::Status Check(const std::string& listen, bool insecure_loopback = true) {
  ServeConfig config;
  config.listen = listen;
  config.insecure_loopback = insecure_loopback;
  return CheckListen(config);
}

TEST(AddShareTest, TakesAnOrganizationAndANumber) {
  OrganizationShares shares;
  EXPECT_TRUE(AddShare("practice-one=2.5", shares).ok());
  EXPECT_EQ(shares.Of("practice-one"), 2.5);
  EXPECT_EQ(shares.Of("practice-two"), 1);
}

TEST(AddShareTest, RefusesEverythingElse) {
  for (const char* text : {"", "practice", "=2", "Practice=2", "practice=", "practice=two",
                           "practice=0", "practice=-1", "practice=nan", "practice=101"}) {
    OrganizationShares shares;
    const absl::Status status = AddShare(text, shares);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << text;
    EXPECT_THAT(std::string(status.message()), HasSubstr("--organization-share")) << text;
  }
}

class ListenTest : public testing::TestWithParam<const char*> {};
class LoopbackTest : public ListenTest {};
class ElsewhereTest : public ListenTest {};
class NoAddressTest : public ListenTest {};

TEST_P(LoopbackTest, IsTaken) { EXPECT_TRUE(Check(GetParam()).ok()) << Check(GetParam()); }

INSTANTIATE_TEST_SUITE_P(Addresses, LoopbackTest,
                         testing::Values("127.0.0.1:0", "127.0.0.1:65535", "127.1.2.3:50051",
                                         "127.255.255.255:1", "[::1]:0", "localhost:0",
                                         "[0:0:0:0:0:0:0:1]:80"));

TEST_P(ElsewhereTest, IsRefused) {
  const absl::Status status = Check(GetParam());
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("loopback"));
}

INSTANTIATE_TEST_SUITE_P(Addresses, ElsewhereTest,
                         testing::Values("0.0.0.0:0", "[::]:0", ":0", "10.0.0.1:80", "128.0.0.1:80",
                                         "126.255.255.255:80", "1.127.0.0:80",
                                         "[::ffff:127.0.0.1]:80", "[::2]:80", "[fe80::1]:80",
                                         "localhost.example:80", "127.0.0.1.example:80", "127.1:80",
                                         "LOCALHOST:80", "unix:80", "ip6-localhost:80", "*:80"));

TEST_P(NoAddressTest, IsRefused) {
  const absl::Status status = Check(GetParam());
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("HOST:PORT"));
}

INSTANTIATE_TEST_SUITE_P(Texts, NoAddressTest,
                         testing::Values("", "127.0.0.1", "unix:/tmp/x:80", "::1:80", "::1",
                                         "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:-1",
                                         "127.0.0.1:65536", "127.0.0.1:1e3",
                                         "127.0.0.1:99999999999"));

ServeConfig WithTls(const std::string& listen) {
  ServeConfig config;
  config.listen = listen;
  config.trust = {.certificate = "a", .key = "b", .client_ca = "c", .policy = "d"};
  return config;
}

TEST(ServeConfigTest, TlsMayListenAnywhere) {
  for (const char* listen : {"0.0.0.0:443", "[::]:0", "127.0.0.1:0", "provisioning.example:443"}) {
    EXPECT_TRUE(CheckListen(WithTls(listen)).ok()) << CheckListen(WithTls(listen));
  }
}

TEST(ServeConfigTest, TlsNeedsAllOfItsFiles) {
  const std::pair<std::string TrustConfig::*, const char*> files[] = {
      {&TrustConfig::certificate, "--tls-cert is missing"},
      {&TrustConfig::key, "--tls-key is missing"},
      {&TrustConfig::client_ca, "--tls-client-ca is missing"},
      {&TrustConfig::policy, "--policy is missing"}};
  for (const auto& [file, why] : files) {
    ServeConfig config = WithTls("127.0.0.1:0");
    (config.trust.*file).clear();
    EXPECT_THAT(std::string(CheckListen(config).message()), HasSubstr(why));
    ServeConfig alone;
    alone.listen = "127.0.0.1:0";
    alone.trust.*file = "a";
    EXPECT_THAT(std::string(CheckListen(alone).message()), HasSubstr("is missing")) << why;
    alone.insecure_loopback = true;
    EXPECT_THAT(std::string(CheckListen(alone).message()), HasSubstr("excludes")) << why;
  }
}

TEST(ServeConfigTest, PlaintextMustBeAskedFor) {
  for (const char* listen : {"127.0.0.1:0", "10.0.0.1:80"}) {
    const absl::Status status = Check(listen, false);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr("--insecure-loopback"));
  }
}

}  // namespace
}  // namespace provisioning
