// SPDX-License-Identifier: Apache-2.0
// Every RPC with the ids and tokens of another organization: all are refused alike,
// whether there is such a thing or not.
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
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

using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAreArray;

// What a request may name.
struct Target {
  std::string organization;
  std::string client_id;
  std::string email_address;
  std::string import_id;
  std::string clients_token;
  std::string imports_token;
};

using MakeRequests = std::function<std::vector<std::string>(const Target&)>;

template <typename Request>
std::vector<std::string> One(Request request, const Target& target) {
  request.set_organization_id(target.organization);
  return {request.SerializeAsString()};
}

std::vector<std::string> ImportOf(const Target& target) {
  v1::ImportClientsRequest start = StartMessage(target.import_id);
  start.mutable_start()->set_organization_id(target.organization);
  return {start.SerializeAsString(), RowsMessage(1, 3).SerializeAsString(),
          EndMessage().SerializeAsString()};
}

// Each RPC and what it is asked. A new one needs a line here.
std::map<std::string, MakeRequests> Requests() {
  return {
      {"ImportClients", ImportOf},
      {"GetImport",
       [](const Target& target) {
         v1::GetImportRequest request;
         request.set_import_id(target.import_id);
         return One(request, target);
       }},
      {"ListImports",
       [](const Target& target) {
         v1::ListImportsRequest request;
         request.set_page_token(target.imports_token);
         return One(request, target);
       }},
      {"RevertImport",
       [](const Target& target) {
         v1::RevertImportRequest request;
         request.set_import_id(target.import_id);
         return One(request, target);
       }},
      {"GetClient",
       [](const Target& target) {
         v1::GetClientRequest request;
         request.set_client_id(target.client_id);
         return One(request, target);
       }},
      {"ListClients",
       [](const Target& target) {
         v1::ListClientsRequest request;
         request.set_page_token(target.clients_token);
         request.set_import_id(target.import_id);
         return One(request, target);
       }},
      {"CreateClient",
       [](const Target& target) {
         v1::CreateClientRequest request;
         request.set_request_id(target.import_id);
         request.set_missing_password(v1::MISSING_PASSWORD_GENERATE);
         *request.mutable_row() = MakeMessageRow(0);
         return One(request, target);
       }},
      {"ActivateClient",
       [](const Target& target) {
         v1::ActivateClientRequest request;
         request.set_email_address(target.email_address);
         request.set_temporary_password("AFBMK-0561H-9WTB4-Q4H5G-9CP410");
         request.set_new_password("Meadow-Compass-77");
         return One(request, target);
       }},
      {"VerifyPassword",
       [](const Target& target) {
         v1::VerifyPasswordRequest request;
         request.set_email_address(target.email_address);
         request.set_password("Meadow-Compass-77");
         return One(request, target);
       }},
      {"ReissueTemporaryPassword",
       [](const Target& target) {
         v1::ReissueTemporaryPasswordRequest request;
         request.set_client_id(target.client_id);
         return One(request, target);
       }},
      {"DeleteClient",
       [](const Target& target) {
         v1::DeleteClientRequest request;
         request.set_client_id(target.client_id);
         return One(request, target);
       }},
  };
}
// These are about no organization.
const std::vector<std::string> without_organization = {"GetImportSchema"};

const Target nowhere = {.organization = "nobody-has-this",
                        .client_id = "01a20f15-b017-7cc4-a44d-d7659ad6ae56",
                        .email_address = "nobody@practice.example",
                        .import_id = "01a20d0f-b0a9-7e39-807c-1404efe69764",
                        .clients_token = "AaIPFbAXfMSkTddlmtauVg==",
                        .imports_token = ""};

class TenantMatrixTest : public TrustFixture {
 protected:
  TenantMatrixTest() {
    WritePolicy({PolicyEntry(mine, R"(["mine"])", every_verb),
                 PolicyEntry(theirs, R"(["theirs"])", every_verb)});
  }
  void Start(const std::vector<std::string>& command) {
    StartServer(command);
    channel_ = NewChannel(NewIdentity(mine));
    their_channel_ = NewChannel(NewIdentity(theirs));
    their_import_ = NewImportId();
    FillOrganization(channel_, "mine", NewImportId());
    FillOrganization(their_channel_, "theirs", their_import_);
    target_ = LookUp();
  }

  // Two imports, so that a page of one thing has another behind it.
  static void FillOrganization(const std::shared_ptr<grpc::Channel>& channel,
                               const std::string& organization, const std::string& import_id) {
    for (const std::string& id : {import_id, NewImportId()}) {
      RawImportCall call(channel);
      v1::ImportClientsRequest start = StartMessage(id);
      start.mutable_start()->set_organization_id(organization);
      call.Send(start);
      v1::ImportClientsRequest rows = RowsMessage(1, 5);
      for (v1::ClientRow& row : *rows.mutable_rows()->mutable_rows()) {
        row.set_email_address(absl::StrCat(organization, "-", row.email_address()));
      }
      call.Send(rows);
      call.Send(EndMessage());
      call.Close();
      ASSERT_TRUE(call.Wait().ok());
    }
  }
  // What there is of theirs.
  Target LookUp() const {
    Target target{.organization = "theirs", .import_id = their_import_};
    grpc::ClientContext clients_context;
    v1::ListClientsRequest clients_request;
    clients_request.set_organization_id("theirs");
    clients_request.set_page_size(2);
    v1::ListClientsResponse clients;
    EXPECT_TRUE(v1::ClientAccountService::NewStub(their_channel_)
                    ->ListClients(&clients_context, clients_request, &clients)
                    .ok());
    target.client_id = clients.clients(0).client_id();
    target.email_address = clients.clients(0).email_address();
    target.clients_token = clients.next_page_token();
    grpc::ClientContext imports_context;
    v1::ListImportsRequest imports_request;
    imports_request.set_organization_id("theirs");
    imports_request.set_page_size(1);
    v1::ListImportsResponse imports;
    EXPECT_TRUE(v1::ClientProvisioningService::NewStub(their_channel_)
                    ->ListImports(&imports_context, imports_request, &imports)
                    .ok());
    target.imports_token = imports.next_page_token();
    return target;
  }
  // All that they see of theirs.
  std::string Everything() const {
    std::string text;
    const Target all = {.organization = "theirs", .import_id = their_import_};
    for (const auto* method : AllMethods()) {
      if (method->name() != "ListClients" && method->name() != "ListImports" &&
          method->name() != "GetImport") {
        continue;
      }
      const GenericAnswer answer =
          CallMethod(their_channel_, *method, Requests().at(method->name())(all));
      EXPECT_TRUE(answer.status.ok()) << method->name();
      text += answer.messages.at(0);
    }
    return text;
  }

  GenericAnswer Ask(const google::protobuf::MethodDescriptor& method, const Target& target) const {
    return CallMethod(channel_, method, Requests().at(method.name())(target));
  }
  // How a call ended, in all that the caller gets to see of it.
  static std::string EndOf(const GenericAnswer& answer) {
    return absl::StrCat(answer.status.error_code(), " ", answer.status.error_message(), " ",
                        answer.status.error_details(), " ", answer.messages.size());
  }

  // The RPCs that tell the one from the other, or do not refuse it.
  std::vector<std::string> FindLeaks() const {
    std::vector<std::string> leaks;
    Target unknown_there = nowhere;
    unknown_there.organization = "theirs";
    for (const auto* method : AllMethods()) {
      if (!Requests().contains(method->name())) continue;
      const GenericAnswer answer = Ask(*method, target_);
      const bool denied = answer.status.error_code() == grpc::StatusCode::PERMISSION_DENIED;
      if (!denied || !answer.messages.empty() ||
          EndOf(Ask(*method, unknown_there)) != EndOf(answer) ||
          EndOf(Ask(*method, nowhere)) != EndOf(answer)) {
        leaks.push_back(method->name());
      }
    }
    return leaks;
  }

  static constexpr char mine[] = "spiffe://clinic.example/mine";
  static constexpr char theirs[] = "spiffe://clinic.example/theirs";
  std::shared_ptr<grpc::Channel> channel_;
  std::shared_ptr<grpc::Channel> their_channel_;
  std::string their_import_;
  Target target_;
};

std::vector<std::string> NamesOf(const std::map<std::string, MakeRequests>& requests) {
  std::vector<std::string> names;
  for (const auto& [name, make] : requests) names.push_back(name);
  return names;
}

TEST_F(TenantMatrixTest, EveryRpcIsInIt) {
  std::vector<std::string> listed = NamesOf(Requests());
  listed.insert(listed.end(), without_organization.begin(), without_organization.end());
  std::vector<std::string> methods;
  for (const auto* method : AllMethods()) methods.push_back(method->name());
  EXPECT_THAT(listed, UnorderedElementsAreArray(methods));
}

TEST_F(TenantMatrixTest, AllAreRefusedAlike) {
  Start({PROVISIOND_PROGRAM, "serve"});
  ASSERT_NE(target_.clients_token, "");
  ASSERT_NE(target_.imports_token, "");
  const std::string before = Everything();
  EXPECT_THAT(FindLeaks(), IsEmpty());
  EXPECT_EQ(Everything(), before);
}

// Their ids in one's own organization are ids that nobody has.
TEST_F(TenantMatrixTest, TheirIdsInOnesOwnOrganization) {
  Start({PROVISIOND_PROGRAM, "serve"});
  const std::string before = Everything();
  Target their_ids = target_;
  their_ids.organization = "mine";
  Target unknown_ids = nowhere;
  unknown_ids.organization = "mine";
  for (const auto* method : AllMethods()) {
    if (!Requests().contains(method->name())) continue;
    const GenericAnswer theirs_answer = Ask(*method, their_ids);
    const GenericAnswer unknown_answer = Ask(*method, unknown_ids);
    EXPECT_EQ(theirs_answer.status.error_code(), unknown_answer.status.error_code())
        << method->name();
    EXPECT_EQ(absl::StrReplaceAll(theirs_answer.status.error_message(),
                                  {{target_.import_id, nowhere.import_id}}),
              unknown_answer.status.error_message())
        << method->name();
    for (const std::string& message : theirs_answer.messages) {
      EXPECT_EQ(message.find("theirs-"), std::string::npos) << method->name();
      EXPECT_EQ(message.find(target_.client_id), std::string::npos) << method->name();
    }
  }
  EXPECT_EQ(Everything(), before);
}

TEST_F(TenantMatrixTest, CatchesAServerThatDoesNotLook) {
  Start({TWIN_PROGRAM, "any-organization"});
  EXPECT_THAT(FindLeaks(), UnorderedElementsAreArray(NamesOf(Requests())));
}

}  // namespace
}  // namespace provisioning
