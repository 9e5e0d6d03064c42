// SPDX-License-Identifier: Apache-2.0
#include "service/server/serve_config.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace provisioning {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

absl::Status Check(const std::string& listen) {
  ServeConfig config;
  config.listen = listen;
  config.insecure_loopback = true;
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
      {&TrustConfig::certificate, "missing: --tls-cert"},
      {&TrustConfig::key, "missing: --tls-key"},
      {&TrustConfig::client_ca, "missing: --tls-client-ca"},
      {&TrustConfig::policy, "missing: --policy"}};
  for (const auto& [file, why] : files) {
    ServeConfig config = WithTls("127.0.0.1:0");
    (config.trust.*file).clear();
    const absl::Status status = CheckTrustFlags(config.trust, false);
    EXPECT_THAT(std::string(status.message()), EndsWith(why));
    TrustConfig alone;
    alone.*file = "a";
    EXPECT_THAT(std::string(CheckTrustFlags(alone, false).message()), HasSubstr("missing: "));
    EXPECT_THAT(std::string(CheckTrustFlags(alone, true).message()), HasSubstr("excludes")) << why;
  }
}

TEST(ServeConfigTest, PlaintextMustBeAskedFor) {
  const absl::Status status = CheckTrustFlags({}, false);
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("--insecure-loopback"));
  EXPECT_TRUE(CheckTrustFlags({}, true).ok());
}

TEST(ServeConfigTest, AllThatIsMissingIsNamed) {
  TrustConfig config;
  config.certificate = "a";
  const absl::Status status = CheckTrustFlags(config, false);
  EXPECT_THAT(std::string(status.message()),
              EndsWith("missing: --tls-key, --tls-client-ca, --policy"));
}

}  // namespace
}  // namespace provisioning
