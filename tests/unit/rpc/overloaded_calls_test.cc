// SPDX-License-Identifier: Apache-2.0
// Calls that are refused since too many wait: what becomes of their passwords, and
// which of them wait for hashes.
#include "grpcpp/test/default_reactor_test_peer.h"
#include "service/credential/credential_factory.h"
#include "service/rpc/account_service.h"
#include "tests/support/import_fixture.h"

namespace provisioning {
namespace {

constexpr WaitingCalls::Limits none{.of_one_organization = 0, .of_all = 0};

class OverloadedCallsTest : public ImportFixture {
 protected:
  // Where a call waits for a hash there is no room; elsewhere there is.
  OverloadedCallsTest()
      : factory_({.memory_kib = 8, .iterations = 1}),
        accounts_(store(), factory_, clock_, {}),
        passwords_(1, OrganizationShares::Equal(), none),
        calls_(std::make_unique<UnaryCalls>(1)),
        service_({store(), accounts_, core(), clock_, *calls_, passwords_, access_}) {}

  const CredentialFactory factory_;
  const AccountCore accounts_;
  UnaryCalls passwords_;
  std::unique_ptr<UnaryCalls> calls_;
  AccessControl access_ = AccessControl::ForEverybody();
  AccountService service_;
};

TEST_F(OverloadedCallsTest, ThePasswordsOfACallThatNeverRunAreWiped) {
  {
    grpc::CallbackServerContext context;
    grpc::testing::DefaultReactorTestPeer peer(&context);
    v1::VerifyPasswordRequest request;
    request.set_organization_id("practice");
    request.set_password("Harbour-Lantern-42");
    v1::VerifyPasswordResponse response;
    service_.VerifyPassword(&context, &request, &response);
    ASSERT_TRUE(peer.test_status_set());
    EXPECT_EQ(peer.test_status().error_code(), grpc::StatusCode::UNAVAILABLE);
    EXPECT_EQ(request.password(), "");
  }
  grpc::CallbackServerContext context;
  grpc::testing::DefaultReactorTestPeer peer(&context);
  v1::ActivateClientRequest request;
  request.set_organization_id("practice");
  request.set_temporary_password("Harbour-Lantern-42");
  request.set_new_password("Meadow-Compass-77");
  v1::ActivateClientResponse response;
  service_.ActivateClient(&context, &request, &response);
  ASSERT_TRUE(peer.test_status_set());
  EXPECT_EQ(peer.test_status().error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(request.temporary_password(), "");
  EXPECT_EQ(request.new_password(), "");
}

// A million generated ones, made anew for an import, keep nobody from signing in.
TEST_F(OverloadedCallsTest, AGeneratedPasswordWaitsForNoHash) {
  std::vector<ClientRow> rows;
  rows.push_back(MakeRow(1, "ann"));
  ASSERT_TRUE(Import(GeneratingStart(), std::move(rows)).status.ok());
  const auto organization = *OrganizationId::Parse("practice");
  const auto record = [&] {
    return store().GetClientByEmail(organization, "ann@practice.example").value();
  };
  ASSERT_TRUE(record()->credential_set_by);
  const auto reissue = [&](const std::string& password) {
    grpc::CallbackServerContext context;
    v1::ReissueTemporaryPasswordRequest request;
    request.set_organization_id("practice");
    request.set_email_address("ann@practice.example");
    request.set_temporary_password(password);
    v1::ReissueTemporaryPasswordResponse response;
    const std::unique_ptr<grpc::ServerUnaryReactor> reactor(
        service_.ReissueTemporaryPassword(&context, &request, &response));
    EXPECT_EQ(request.temporary_password(), "");
    if (password.empty()) calls_.reset();  // Once all is done.
    return response.result().outcome();
  };
  EXPECT_EQ(reissue("Harbour-Lantern-42"), v1::ROW_OUTCOME_UNSPECIFIED) << "there is no room";
  EXPECT_TRUE(record()->credential_set_by);
  EXPECT_EQ(reissue(""), v1::ROW_OUTCOME_REISSUED);
  EXPECT_FALSE(record()->credential_set_by);
}

}  // namespace
}  // namespace provisioning
