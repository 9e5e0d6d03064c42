// SPDX-License-Identifier: Apache-2.0
#include "service/trust/pem_check.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/test_authority.h"

namespace provisioning {
namespace {

using testing::HasSubstr;

const absl::Time now = absl::Now();

std::string WhyNot(const absl::Status& status) { return std::string(status.message()); }

class PemCheckTest : public testing::Test {
 protected:
  const TestAuthority authority_{"an authority"};
  const Identity server_ = authority_.Issue({.names = {"DNS:localhost"}});
};

TEST_F(PemCheckTest, AGoodPair) {
  EXPECT_TRUE(CheckCertificate(server_.certificate, CertificateUse::kServer, now).ok());
  EXPECT_TRUE(CheckCertificate(server_.certificate, CertificateUse::kClient, now).ok());
  EXPECT_TRUE(CheckKey(server_.key, server_.certificate).ok());
  EXPECT_TRUE(CheckAuthorities(authority_.certificate(), now).ok());
  const std::string chain = server_.certificate + authority_.certificate();
  EXPECT_TRUE(CheckCertificate(chain, CertificateUse::kServer, now).ok());
  EXPECT_TRUE(CheckKey(server_.key, chain).ok());
  EXPECT_TRUE(CheckCertificate("what it is for\n" + chain, CertificateUse::kServer, now).ok());
}

TEST_F(PemCheckTest, WhatIsNone) {
  const std::string broken = server_.certificate.substr(0, 200);
  const std::string damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  for (const std::string& pem : {std::string(), std::string("nonsense"), server_.key, broken,
                                 damaged, server_.certificate + damaged}) {
    EXPECT_THAT(WhyNot(CheckCertificate(pem, CertificateUse::kServer, now)),
                HasSubstr("certificate in PEM form"))
        << pem;
    EXPECT_THAT(WhyNot(CheckAuthorities(pem, now)), HasSubstr("certificates in PEM form")) << pem;
  }
  for (const std::string& pem :
       {std::string(), std::string("nonsense"), server_.certificate, server_.key.substr(0, 100)}) {
    EXPECT_THAT(WhyNot(CheckKey(pem, server_.certificate)), HasSubstr("private key")) << pem;
  }
}

TEST_F(PemCheckTest, SaysFromWhenToWhenEachIsValid) {
  const absl::Time end = absl::FromUnixSeconds(4'000'000'000);
  const Identity lasting = authority_.Issue({.names = {"DNS:localhost"}, .end = end});
  const auto validities = ValiditiesOf(lasting.certificate + authority_.certificate());
  ASSERT_EQ(validities.size(), 2u);
  EXPECT_EQ(validities[0].end, end);
  EXPECT_LT(validities[0].begin, absl::Now());
  EXPECT_GT(validities[0].begin, absl::Now() - absl::Hours(48));
  EXPECT_NE(validities[1].end, end);
  EXPECT_TRUE(ValiditiesOf("").empty());
  EXPECT_TRUE(ValiditiesOf(lasting.key).empty());
}

TEST_F(PemCheckTest, WhoVouchesForNobodyIsNoAuthority) {
  EXPECT_THAT(WhyNot(CheckAuthorities(server_.certificate, now)), HasSubstr("CA:TRUE"));
  EXPECT_TRUE(CheckAuthorities(server_.certificate + authority_.certificate(), now).ok());
}

TEST_F(PemCheckTest, AKeyWithAPassphrase) {
  const std::string encrypted =
      "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
      "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgAAAAAAAAAAAICCAAw\n"
      "-----END ENCRYPTED PRIVATE KEY-----\n";
  EXPECT_THAT(WhyNot(CheckKey(encrypted, server_.certificate)), HasSubstr("passphrase"));
}

TEST_F(PemCheckTest, AnotherKey) {
  const Identity other = authority_.Issue({.names = {"DNS:localhost"}});
  EXPECT_THAT(WhyNot(CheckKey(other.key, server_.certificate)),
              HasSubstr("not the key of the certificate"));
}

TEST_F(PemCheckTest, Dates) {
  const auto at = [this](absl::Time time) {
    return WhyNot(CheckCertificate(server_.certificate, CertificateUse::kServer, time));
  };
  EXPECT_THAT(at(now + absl::Hours(2)), HasSubstr("expired at "));
  EXPECT_THAT(at(now + absl::Hours(2)), HasSubstr(" UTC"));
  EXPECT_THAT(at(now - absl::Hours(2)), HasSubstr("is not valid before "));
  EXPECT_THAT(WhyNot(CheckAuthorities(authority_.certificate(), now + absl::Hours(25))),
              HasSubstr("has no valid authority; one expired at "));
}

TEST_F(PemCheckTest, OneValidAuthorityIsEnough) {
  const Identity old = TestAuthority::SelfSigned({.end = now - absl::Minutes(1)});
  EXPECT_TRUE(CheckAuthorities(old.certificate + authority_.certificate(), now).ok());
  EXPECT_FALSE(CheckAuthorities(old.certificate, now).ok());
}

TEST_F(PemCheckTest, Uses) {
  const std::string client = authority_.Issue({.extended_key_usage = "clientAuth"}).certificate;
  EXPECT_THAT(WhyNot(CheckCertificate(client, CertificateUse::kServer, now)),
              HasSubstr("serverAuth"));
  EXPECT_TRUE(CheckCertificate(client, CertificateUse::kClient, now).ok());
  const std::string server = authority_.Issue({.extended_key_usage = "serverAuth"}).certificate;
  EXPECT_THAT(WhyNot(CheckCertificate(server, CertificateUse::kClient, now)),
              HasSubstr("clientAuth"));
  const std::string any = authority_.Issue({.extended_key_usage = ""}).certificate;
  EXPECT_TRUE(CheckCertificate(any, CertificateUse::kServer, now).ok());
}

}  // namespace
}  // namespace provisioning
