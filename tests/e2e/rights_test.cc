// SPDX-License-Identifier: Apache-2.0
// What the policy gives and takes away, while the server runs.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "provisioning/v1/client_provisioning_service.grpc.pb.h"
#include "tests/e2e/health_watch.h"
#include "tests/e2e/import_messages.h"
#include "tests/e2e/trust_fixture.h"
#include "tests/support/poll_until.h"
#include "tests/support/raw_import_call.h"
#include "tests/support/rpc_error.h"

namespace provisioning {
namespace {

using testing::HasSubstr;

constexpr char caller[] = "spiffe://clinic.example/onboarding";
constexpr char here[] = R"(["practice"])";

class RightsTest : public TrustFixture {
 protected:
  void Start(const std::vector<std::string>& entries) {
    WritePolicy(entries);
    StartServer();
    channel_ = NewChannel(NewIdentity(caller));
  }
  void Give(const std::string& verbs) { Start({PolicyEntry(caller, here, verbs)}); }

  std::unique_ptr<RawImportCall> Begin(const v1::ImportClientsRequest& start) {
    auto call = std::make_unique<RawImportCall>(channel_);
    call->Send(start);
    return call;
  }
  // The whole of an import of three rows.
  RpcError Import(const v1::ImportClientsRequest& start) {
    const auto call = Begin(start);
    call->Send(RowsMessage(1, 3));
    call->Send(EndMessage());
    call->Close();
    return ReadRpcError(call->Wait());
  }
  // How GetImport of an import that is not there ends.
  std::string Read() {
    v1::GetImportRequest request;
    request.set_organization_id(test_organization);
    request.set_import_id(NewImportId());
    grpc::ClientContext context;
    v1::GetImportResponse response;
    return ReadRpcError(v1::ClientProvisioningService::NewStub(channel_)->GetImport(
                            &context, request, &response))
        .Name();
  }

  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(RightsTest, ImportingAndTryingAreTwoRights) {
  v1::ImportClientsRequest trying = StartMessage();
  trying.mutable_start()->clear_import_id();
  trying.mutable_start()->set_validate_only(true);
  Give(R"(["import"])");
  EXPECT_TRUE(Import(StartMessage()).code == grpc::StatusCode::OK);
  EXPECT_EQ(Import(trying).Name(), "PERMISSION_DENIED NOT_ALLOWED");
  WritePolicy({PolicyEntry(caller, here, R"(["validate"])")});
  ASSERT_TRUE(server_->WaitForLog("a new policy holds"));
  EXPECT_TRUE(Import(trying).code == grpc::StatusCode::OK);
  EXPECT_EQ(Import(StartMessage()).Name(), "PERMISSION_DENIED NOT_ALLOWED");
}

TEST_F(RightsTest, ReissuingByAnImportIsAnotherOne) {
  v1::ImportClientsRequest start = StartMessage();
  start.mutable_start()->set_existing_account(v1::EXISTING_ACCOUNT_REISSUE_PENDING);
  Give(R"(["import"])");
  const RpcError denied = Import(start);
  EXPECT_EQ(denied.Name(), "PERMISSION_DENIED NOT_ALLOWED");
  EXPECT_THAT(denied.message, HasSubstr("\"reissue\""));
  WritePolicy({PolicyEntry(caller, here, R"(["import", "reissue"])")});
  ASSERT_TRUE(server_->WaitForLog("a new policy holds"));
  EXPECT_TRUE(Import(start).code == grpc::StatusCode::OK);
}

TEST_F(RightsTest, HealthNeedsNone) {
  Start({});
  HealthWatch watch(channel_, "");
  EXPECT_EQ(watch.Next(), grpc::health::v1::HealthCheckResponse::SERVING);
}

TEST_F(RightsTest, ARightThatIsTakenAwayEndsTheStream) {
  Give(R"(["import", "read"])");
  const v1::ImportClientsRequest start = StartMessage();
  const auto call = Begin(start);
  call->Send(RowsMessage(1, 5));
  ASSERT_TRUE(call->WaitForResults(5));
  WritePolicy({PolicyEntry(caller, here, R"(["read"])")});
  ASSERT_TRUE(server_->WaitForLog("a new policy holds"));
  call->Send(RowsMessage(6, 10));
  const RpcError error = ReadRpcError(call->Wait());
  EXPECT_EQ(error.Name(), "PERMISSION_DENIED NOT_ALLOWED");
  EXPECT_EQ(error.settled_through_row(), 5);
  EXPECT_EQ(NumbersOf(call->results()), Counting(1, 5));
}

TEST_F(RightsTest, ABadPolicyChangesNothing) {
  Give(R"(["read"])");
  WriteFile("policy.json", "{\"callers\": {}, \"admins\": {}}");
  ASSERT_TRUE(server_->WaitForLog("the new policy is not taken"));
  EXPECT_THAT(server_->log(), HasSubstr("\"admins\""));
  EXPECT_EQ(Read(), "NOT_FOUND IMPORT_NOT_FOUND");
  WritePolicy({});
  ASSERT_TRUE(server_->WaitForLog("a new policy holds"));
  EXPECT_EQ(Read(), "PERMISSION_DENIED NOT_ALLOWED");
}

TEST_F(RightsTest, StreamsAreCounted) {
  const std::string other = "spiffe://clinic.example/other";
  Start({PolicyEntry(caller, here, R"(["import"])", 2), PolicyEntry(other, here, R"(["import"])")});
  auto first = Begin(StartMessage());
  const auto second = Begin(StartMessage());
  ASSERT_TRUE(first->WaitForStarted() && second->WaitForStarted());
  const RpcError refused = Import(StartMessage());
  EXPECT_EQ(refused.Name(), "RESOURCE_EXHAUSTED TOO_MANY_STREAMS");
  EXPECT_TRUE(refused.has_retry_info);
  const auto mine = std::exchange(channel_, NewChannel(NewIdentity(other)));
  EXPECT_TRUE(Import(StartMessage()).code == grpc::StatusCode::OK)
      << "another caller's are its own";
  channel_ = mine;

  // Whatever the end is, the place is free when the caller knows of it.
  first->Close();
  EXPECT_EQ(ReadRpcError(first->Wait()).Name(), "FAILED_PRECONDITION END_MISSING");
  EXPECT_TRUE(Import(StartMessage()).code == grpc::StatusCode::OK);
  v1::ImportClientsRequest bad = StartMessage("no id");
  EXPECT_EQ(Import(bad).Name(), "INVALID_ARGUMENT OPTION_INVALID");
  EXPECT_TRUE(Import(StartMessage()).code == grpc::StatusCode::OK);
  // Of a caller who goes, the server learns a little later.
  second->Cancel();
  (void)second->Wait();
  first = Begin(StartMessage());
  ASSERT_TRUE(first->WaitForStarted());
  EXPECT_TRUE(PollUntil([this] { return Import(StartMessage()).code == grpc::StatusCode::OK; }));
}

}  // namespace
}  // namespace provisioning
