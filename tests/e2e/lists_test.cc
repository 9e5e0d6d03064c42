// SPDX-License-Identifier: Apache-2.0
// What can be read of imports and clients, over the wire.
#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/provisiond_fixture.h"

namespace provisioning {
namespace {

constexpr char unknown_id[] = "0190a0a0-0000-7000-8000-0000000000ff";

class ListsTest : public ProvisiondFixture {
 protected:
  template <typename Response, typename Request, typename Stub>
  Response Get(Stub& stub,
               grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
               const Request& request) {
    grpc::ClientContext context;
    Response response;
    error_ = ReadRpcError((stub.*method)(&context, request, &response));
    return response;
  }
  v1::GetImportResponse Get(const v1::GetImportRequest& request) {
    return Get(imports(), &v1::ClientProvisioningService::Stub::GetImport, request);
  }
  v1::ListImportsResponse Get(const v1::ListImportsRequest& request) {
    return Get(imports(), &v1::ClientProvisioningService::Stub::ListImports, request);
  }
  v1::GetClientResponse Get(const v1::GetClientRequest& request) {
    return Get(accounts(), &v1::ClientAccountService::Stub::GetClient, request);
  }
  v1::ListClientsResponse Get(const v1::ListClientsRequest& request) {
    return Get(accounts(), &v1::ClientAccountService::Stub::ListClients, request);
  }

  template <typename Request>
  static Request Of(const std::string& organization_id) {
    Request request;
    request.set_organization_id(organization_id);
    return request;
  }

  // All clients, page by page.
  std::vector<v1::Client> AllClients(v1::ListClientsRequest request) {
    std::vector<v1::Client> clients;
    do {
      const auto page = Get(request);
      EXPECT_EQ(error_.Name(), "OK") << error_;
      EXPECT_LE(page.clients_size(), std::max(request.page_size(), 1));
      clients.insert(clients.end(), page.clients().begin(), page.clients().end());
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return clients;
  }

  std::string ImportRows(std::int64_t first, std::int64_t last,
                         const std::string& organization_id = test_organization) {
    v1::ImportClientsRequest start = StartMessage();
    start.mutable_start()->set_organization_id(organization_id);
    start.mutable_start()->set_source_name("clients.csv");
    const auto call = Import({start, RowsMessage(first, last), EndMessage()});
    EXPECT_TRUE(call->Wait().ok());
    first_client_id_ = call->results().front().client_id();
    return start.start().import_id();
  }

  RpcError error_;  // Of the last Get.
  std::string first_client_id_;
};

TEST_F(ListsTest, GetImport) {
  const std::string import_id = ImportRows(1, 3);
  auto request = Of<v1::GetImportRequest>(test_organization);
  request.set_import_id(import_id);
  const v1::Import import = Get(request).import();
  EXPECT_EQ(error_.Name(), "OK") << error_;
  EXPECT_EQ(import.import_id(), import_id);
  EXPECT_EQ(import.organization_id(), test_organization);
  EXPECT_EQ(import.state(), v1::IMPORT_STATE_COMPLETE);
  EXPECT_EQ(import.rows().created(), 3);
  EXPECT_EQ(import.missing_password(), v1::MISSING_PASSWORD_GENERATE);
  EXPECT_EQ(import.existing_account(), v1::EXISTING_ACCOUNT_REPORT);
  EXPECT_EQ(import.source_name(), "clients.csv");
  EXPECT_EQ(import.stream_count(), 1);
  EXPECT_GT(import.create_time().seconds(), 1'700'000'000);
}

TEST_F(ListsTest, GetImportNotFound) {
  auto request = Of<v1::GetImportRequest>(test_organization);
  request.set_import_id(unknown_id);
  Get(request);
  EXPECT_EQ(error_.Name(), "NOT_FOUND IMPORT_NOT_FOUND") << error_;
  request.set_import_id(ImportRows(1, 1));
  request.set_organization_id("other");
  Get(request);
  EXPECT_EQ(error_.Name(), "NOT_FOUND IMPORT_NOT_FOUND")
      << "another organization's import: " << error_;
}

TEST_F(ListsTest, GetImportInvalid) {
  auto request = Of<v1::GetImportRequest>(test_organization);
  Get(request);
  EXPECT_EQ(error_.Name(), "INVALID_ARGUMENT OPTION_INVALID") << error_;
  EXPECT_EQ(error_.metadata.at("field"), "import_id");
  request.set_organization_id("../etc");
  Get(request);
  EXPECT_EQ(error_.metadata.at("field"), "organization_id");
}

TEST_F(ListsTest, ListsImportsNewestFirst) {
  std::vector<std::string> ids;
  for (int i = 0; i < 7; ++i) ids.insert(ids.begin(), ImportRows(i + 1, i + 1));
  ImportRows(1, 1, "other");
  auto request = Of<v1::ListImportsRequest>(test_organization);
  request.set_page_size(3);
  std::vector<std::string> listed;
  do {
    const auto page = Get(request);
    EXPECT_LE(page.imports_size(), 3);
    for (const v1::Import& import : page.imports()) listed.push_back(import.import_id());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(listed, ids);
}

TEST_F(ListsTest, GetClient) {
  const std::string import_id = ImportRows(1, 3);
  auto request = Of<v1::GetClientRequest>(test_organization);
  request.set_client_id(first_client_id_);
  const v1::Client by_id = Get(request).client();
  EXPECT_EQ(by_id.email_address(), "client1@practice.example");
  EXPECT_EQ(by_id.first_name(), "Ada");
  EXPECT_EQ(by_id.last_name(), "Byron");
  EXPECT_EQ(by_id.birthdate(), "19151210");
  EXPECT_EQ(by_id.gender(), "F");
  EXPECT_EQ(by_id.state(), v1::CLIENT_STATE_PENDING);
  EXPECT_EQ(by_id.import_id(), import_id);
  EXPECT_EQ(by_id.row_number(), 1);
  EXPECT_TRUE(by_id.has_temporary_password_expires_at());
  request.set_email_address(" Client1@PRACTICE.example ");
  EXPECT_EQ(Get(request).client().SerializeAsString(), by_id.SerializeAsString());
}

TEST_F(ListsTest, GetClientNotFound) {
  ImportRows(1, 3);
  auto request = Of<v1::GetClientRequest>("other");
  request.set_client_id(first_client_id_);
  Get(request);
  EXPECT_EQ(error_.Name(), "NOT_FOUND CLIENT_NOT_FOUND") << "another organization's id: " << error_;
  request.set_email_address("client1@practice.example");
  Get(request);
  EXPECT_EQ(error_.Name(), "NOT_FOUND CLIENT_NOT_FOUND")
      << "another organization's address: " << error_;
  request.set_organization_id(test_organization);
  request.set_client_id(unknown_id);
  Get(request);
  EXPECT_EQ(error_.Name(), "NOT_FOUND CLIENT_NOT_FOUND") << error_;
}

TEST_F(ListsTest, GetClientInvalid) {
  auto request = Of<v1::GetClientRequest>(test_organization);
  Get(request);
  EXPECT_EQ(error_.Name(), "INVALID_ARGUMENT OPTION_INVALID") << error_;
  request.set_client_id("1");
  Get(request);
  EXPECT_EQ(error_.metadata.at("field"), "client_id");
  request.set_email_address("no address");
  Get(request);
  EXPECT_EQ(error_.metadata.at("field"), "email_address");
}

TEST_F(ListsTest, ListsManyClientsPageByPage) {
  const std::string import_id = ImportRows(1, 2500);
  ImportRows(1, 10, "other");
  auto request = Of<v1::ListClientsRequest>(test_organization);
  request.set_page_size(700);
  const auto clients = AllClients(request);
  ASSERT_EQ(clients.size(), 2500);
  std::set<std::int64_t> rows;
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < clients.size(); ++i) {
    rows.insert(clients[i].row_number());
    EXPECT_EQ(clients[i].organization_id(), test_organization);
    ids.push_back(clients[i].client_id());
  }
  EXPECT_TRUE(std::ranges::is_sorted(ids, std::greater())) << "newest first";
  EXPECT_EQ(rows.size(), 2500) << "none is given twice";
}

TEST_F(ListsTest, PagesHaveBounds) {
  ImportRows(1, 2500);
  auto request = Of<v1::ListClientsRequest>(test_organization);
  EXPECT_EQ(Get(request).clients_size(), 100);
  request.set_page_size(5000);
  EXPECT_EQ(Get(request).clients_size(), 1000);
}

TEST_F(ListsTest, ListsClientsByImportAndState) {
  const std::string first = ImportRows(1, 5);
  const std::string second = ImportRows(6, 8);
  auto request = Of<v1::ListClientsRequest>(test_organization);
  request.set_page_size(2);
  request.set_import_id(first);
  EXPECT_EQ(AllClients(request).size(), 5);
  request.set_import_id(second);
  EXPECT_EQ(AllClients(request).size(), 3);
  request.set_state(v1::CLIENT_STATE_PENDING);
  EXPECT_EQ(AllClients(request).size(), 3);
  request.set_state(v1::CLIENT_STATE_ACTIVE);
  EXPECT_EQ(AllClients(request).size(), 0);
  request.set_import_id(unknown_id);
  EXPECT_EQ(AllClients(request).size(), 0);
}

TEST_F(ListsTest, ListClientsInvalid) {
  struct Case {
    const char* field;
    std::function<void(v1::ListClientsRequest&)> set;
  };
  const std::vector<Case> cases = {
      {"organization_id", [](auto& r) { r.clear_organization_id(); }},
      {"page_size", [](auto& r) { r.set_page_size(-1); }},
      {"page_token", [](auto& r) { r.set_page_token("?"); }},
      {"page_token", [](auto& r) { r.set_page_token("abcd"); }},
      {"page_token", [](auto& r) { r.set_page_token(std::string(100'000, 'a')); }},
      {"import_id", [](auto& r) { r.set_import_id("x"); }},
      {"state", [](auto& r) { r.set_state(static_cast<v1::ClientState>(9)); }}};
  for (const Case& bad : cases) {
    auto request = Of<v1::ListClientsRequest>(test_organization);
    bad.set(request);
    Get(request);
    EXPECT_EQ(error_.Name(), "INVALID_ARGUMENT OPTION_INVALID") << bad.field << ": " << error_;
    EXPECT_EQ(error_.metadata["field"], bad.field);
  }
}

// Tokens that were never given: a position far outside of time is one as well.
TEST_F(ListsTest, ListImportsWithATokenThatIsNone) {
  auto request = Of<v1::ListImportsRequest>(test_organization);
  const std::string far = absl::StrCat("9223372036854775807 ", unknown_id);
  for (const std::string text : {"x", " ", "12 x", "x 12", "12"}) {
    request.set_page_token(absl::WebSafeBase64Escape(text));
    Get(request);
    EXPECT_EQ(error_.Name(), "INVALID_ARGUMENT OPTION_INVALID") << text << ": " << error_;
    EXPECT_EQ(error_.metadata["field"], "page_token");
  }
  request.set_page_token(absl::WebSafeBase64Escape(far));
  EXPECT_EQ(Get(request).imports_size(), 0);
  EXPECT_EQ(error_.Name(), "OK") << error_;
}

TEST_F(ListsTest, Schema) {
  const auto schema = Get(imports(), &v1::ClientProvisioningService::Stub::GetImportSchema,
                          v1::GetImportSchemaRequest());
  EXPECT_EQ(error_.Name(), "OK") << error_;
  EXPECT_EQ(schema.columns_size(), 7);
  EXPECT_EQ(schema.limits().rows_per_message_max(), 4096);
  EXPECT_GT(schema.issue_codes_size(), 30);
  // Its examples make rows that are accepted: with a password, and with a hash.
  v1::ImportClientsRequest rows;
  v1::ClientRow& row = *rows.mutable_rows()->add_rows();
  row.set_row_number(1);
  for (const v1::ImportColumn& column : schema.columns()) {
    const auto* field = row.GetDescriptor()->FindFieldByName(column.name());
    ASSERT_NE(field, nullptr) << column.name();
    row.GetReflection()->SetString(&row, field, column.example());
  }
  v1::ClientRow& hashed = *rows.mutable_rows()->add_rows();
  hashed = rows.rows().rows(0);
  hashed.set_row_number(2);
  hashed.set_email_address("hashed@practice.example");
  hashed.clear_initial_password();
  rows.mutable_rows()->mutable_rows(0)->clear_password_hash();
  const auto call = Import({StartMessage(), rows, EndMessage()});
  EXPECT_THAT(OutcomesOf(call->results()),
              testing::ElementsAre(v1::ROW_OUTCOME_CREATED, v1::ROW_OUTCOME_CREATED));
}

}  // namespace
}  // namespace provisioning
