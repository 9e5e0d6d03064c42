// SPDX-License-Identifier: Apache-2.0
// Who does not get in, and that nothing is done for them.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "provisioning/v1/client_account_service.grpc.pb.h"
#include "provisioning/v1/client_provisioning_service.grpc.pb.h"
#include "tests/e2e/import_messages.h"
#include "tests/e2e/trust_fixture.h"
#include "tests/support/generic_call.h"
#include "tests/support/raw_import_call.h"
#include "tests/support/rpc_error.h"

namespace provisioning {
namespace {

using testing::HasSubstr;

constexpr char caller[] = "spiffe://clinic.example/onboarding";

class CertificateMatrixTest : public TrustFixture {
 protected:
  CertificateMatrixTest() {
    WritePolicy({PolicyEntry(caller, "\"*\"", every_verb),
                 PolicyEntry("web.clinic.example", "\"*\"", every_verb)});
    StartServer();
  }

  // A whole import, as this caller; what came of it.
  grpc::Status Import(const Identity& identity, const std::string& import_id) const {
    RawImportCall call(NewChannel(identity));
    call.Send(StartMessage(import_id));
    call.Send(RowsMessage(1, 3));
    call.Send(EndMessage());
    call.Close();
    return call.Wait();
  }
  // The audit has a line for each import that was made.
  std::string Audit() const {
    const auto audit = Run({"audit", "export", "--store", "sqlite:" + folder_.File("clients.db")});
    EXPECT_EQ(audit->Wait(), 0);
    return audit->log();
  }
  void ExpectNothingDone(const std::string& import_id) const {
    const auto stub = v1::ClientProvisioningService::NewStub(NewChannel(NewIdentity(caller)));
    v1::GetImportRequest request;
    request.set_organization_id(test_organization);
    request.set_import_id(import_id);
    grpc::ClientContext context;
    v1::GetImportResponse response;
    EXPECT_EQ(ReadRpcError(stub->GetImport(&context, request, &response)).Name(),
              "NOT_FOUND IMPORT_NOT_FOUND");
    EXPECT_EQ(Audit(), "");
  }
  // The handshake fails.
  void ExpectRefused(const Identity& identity) const {
    const std::string import_id = NewImportId();
    EXPECT_EQ(Import(identity, import_id).error_code(), grpc::StatusCode::UNAVAILABLE);
    for (const auto* method : AllMethods()) {
      EXPECT_EQ(CallMethod(NewChannel(identity), *method, {""}).status.error_code(),
                grpc::StatusCode::UNAVAILABLE)
          << method->full_name();
    }
    ExpectNothingDone(import_id);
  }
  // The handshake is good, but says nobody's name.
  void ExpectUnidentified(const Identity& identity) const {
    const std::string import_id = NewImportId();
    EXPECT_EQ(ReadRpcError(Import(identity, import_id)).Name(),
              "UNAUTHENTICATED CALLER_UNIDENTIFIED");
    const auto channel = NewChannel(identity);
    for (const auto* method : AllMethods()) {
      const GenericAnswer answer = CallMethod(channel, *method, {""});
      EXPECT_EQ(ReadRpcError(answer.status).Name(), "UNAUTHENTICATED CALLER_UNIDENTIFIED")
          << method->full_name();
      EXPECT_TRUE(answer.messages.empty()) << method->full_name();
    }
    ExpectNothingDone(import_id);
  }
};

TEST_F(CertificateMatrixTest, AGoodOneGetsIn) {
  EXPECT_TRUE(Import(NewIdentity(caller), NewImportId()).ok());
  EXPECT_THAT(Audit(), HasSubstr(std::string("\"caller\":\"") + caller + "\""));
}

TEST_F(CertificateMatrixTest, ADnsNameIsAName) {
  EXPECT_TRUE(Import(authority_.Issue({.names = {"DNS:Web.Clinic.example"}}), NewImportId()).ok());
  EXPECT_THAT(Audit(), HasSubstr("\"caller\":\"web.clinic.example\""));
}

TEST_F(CertificateMatrixTest, None) { ExpectRefused({}); }

TEST_F(CertificateMatrixTest, SelfSigned) {
  ExpectRefused(TestAuthority::SelfSigned({.names = {std::string("URI:") + caller}}));
}

TEST_F(CertificateMatrixTest, OfAnotherAuthority) {
  // Of the same name, too.
  const TestAuthority other("the authority");
  ExpectRefused(other.Issue({.names = {std::string("URI:") + caller}}));
}

TEST_F(CertificateMatrixTest, Expired) {
  ExpectRefused(authority_.Issue(
      {.names = {std::string("URI:") + caller}, .end = absl::Now() - absl::Seconds(10)}));
}

TEST_F(CertificateMatrixTest, NotYetValid) {
  ExpectRefused(authority_.Issue(
      {.names = {std::string("URI:") + caller}, .begin = absl::Now() + absl::Minutes(10)}));
}

TEST_F(CertificateMatrixTest, ForAnotherUse) {
  for (const char* usage : {"serverAuth", "codeSigning"}) {
    ExpectRefused(
        authority_.Issue({.names = {std::string("URI:") + caller}, .extended_key_usage = usage}));
  }
}

TEST_F(CertificateMatrixTest, NoAlternativeName) { ExpectUnidentified(authority_.Issue({})); }

TEST_F(CertificateMatrixTest, TwoUris) {
  ExpectUnidentified(authority_.Issue(
      {.names = {std::string("URI:") + caller, "URI:spiffe://clinic.example/other"}}));
  ExpectUnidentified(
      authority_.Issue({.names = {std::string("URI:") + caller, "URI:https://clinic.example/"}}));
}

TEST_F(CertificateMatrixTest, NamesThatAreNone) {
  for (const char* name : {"URI:https://clinic.example/", "URI:spiffe://clinic.example/",
                           "DNS:*.clinic.example", "IP:127.0.0.1", "email:a@clinic.example"}) {
    ExpectUnidentified(authority_.Issue({.names = {name}}));
  }
  ExpectUnidentified(authority_.Issue({.names = {"DNS:web.clinic.example", "DNS:b.example"}}));
}

TEST_F(CertificateMatrixTest, WhoIsNotInThePolicy) {
  const Identity stranger = NewIdentity("spiffe://clinic.example/stranger");
  const std::string import_id = NewImportId();
  EXPECT_EQ(ReadRpcError(Import(stranger, import_id)).Name(), "PERMISSION_DENIED NOT_ALLOWED");
  const auto channel = NewChannel(stranger);
  for (const auto* method : AllMethods()) {
    EXPECT_EQ(ReadRpcError(CallMethod(channel, *method, {""}).status).Name(),
              "PERMISSION_DENIED NOT_ALLOWED")
        << method->full_name();
  }
  ExpectNothingDone(import_id);
}

}  // namespace
}  // namespace provisioning
