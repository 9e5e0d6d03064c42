// SPDX-License-Identifier: Apache-2.0
// ClientAccountService and RevertImport over the wire: what the calls answer, and
// what they do to each other. The rules behind them have tests of their own.

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/provisiond_fixture.h"
#include "tests/support/raw_database.h"

namespace provisioning {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char own_password[] = "four quiet unrelated wagons";

class AccountCallsTest : public ProvisiondFixture {
 protected:
  template <typename Response, typename Request>
  Response Call(grpc::Status (v1::ClientAccountService::Stub::*method)(grpc::ClientContext*,
                                                                       const Request&, Response*),
                Request request) {
    request.set_organization_id(test_organization);
    grpc::ClientContext context;
    Response response;
    error_ = ReadRpcError((accounts().*method)(&context, request, &response));
    return response;
  }

  static v1::CreateClientRequest CreateRequest(const std::string& email_address) {
    v1::CreateClientRequest request;
    request.set_request_id(NewImportId());
    request.mutable_row()->set_email_address(email_address);
    request.mutable_row()->set_first_name("Ada");
    request.mutable_row()->set_last_name("Lund");
    request.set_missing_password(v1::MISSING_PASSWORD_GENERATE);
    return request;
  }
  v1::RowResult Create(const v1::CreateClientRequest& request) {
    return Call(&v1::ClientAccountService::Stub::CreateClient, request).result();
  }
  v1::ActivateClientResponse Activate(const std::string& email_address, const std::string& password,
                                      const std::string& new_password = own_password) {
    v1::ActivateClientRequest request;
    request.set_email_address(email_address);
    request.set_temporary_password(password);
    request.set_new_password(new_password);
    return Call(&v1::ClientAccountService::Stub::ActivateClient, request);
  }
  v1::VerifyPasswordOutcome Verify(const std::string& email_address, const std::string& password) {
    v1::VerifyPasswordRequest request;
    request.set_email_address(email_address);
    request.set_password(password);
    return Call(&v1::ClientAccountService::Stub::VerifyPassword, request).outcome();
  }
  v1::ReissueTemporaryPasswordRequest ReissueRequest(const std::string& email_address) {
    v1::ReissueTemporaryPasswordRequest request;
    request.set_email_address(email_address);
    return request;
  }
  v1::RowResult Reissue(const v1::ReissueTemporaryPasswordRequest& request) {
    return Call(&v1::ClientAccountService::Stub::ReissueTemporaryPassword, request).result();
  }
  std::string Delete(const std::string& client_id) {
    v1::DeleteClientRequest request;
    request.set_client_id(client_id);
    return Call(&v1::ClientAccountService::Stub::DeleteClient, request).client_id();
  }
  v1::Client Get(const std::string& email_address) {
    v1::GetClientRequest request;
    request.set_email_address(email_address);
    return Call(&v1::ClientAccountService::Stub::GetClient, request).client();
  }
  // All its messages as one.
  v1::RevertImportResponse Revert(const std::string& import_id) {
    v1::RevertImportRequest request;
    request.set_organization_id(test_organization);
    request.set_import_id(import_id);
    grpc::ClientContext context;
    const auto reader = imports().RevertImport(&context, request);
    v1::RevertImportResponse all;
    for (v1::RevertImportResponse response; reader->Read(&response);) {
      all.set_removed_clients(response.removed_clients());
      all.set_kept_clients(response.kept_clients());
      all.mutable_kept()->MergeFrom(response.kept());
    }
    error_ = ReadRpcError(reader->Finish());
    return all;
  }

  RpcError error_;  // Of the last call.
};

// Of "allmine".
constexpr char bcrypt_hash[] = "$2a$10$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga";
// Of "correct horse battery staple", with four lanes.
constexpr char argon2id_hash[] =
    "$argon2id$v=19$m=65536,t=3,p=4$MIIRqgvgQbgj220jfp0MPA$YfwJSVjtjSU0zzV/P3S9nnQ/USre2wvJMjfCIjr"
    "TQbg";

TEST_F(AccountCallsTest, AnImportedHashIsThePasswordAndBecomesOurs) {
  const std::pair<const char*, const char*> table[] = {
      {bcrypt_hash, "allmine"}, {argon2id_hash, "correct horse battery staple"}};
  for (const auto& [hash, password] : table) {
    SCOPED_TRACE(hash);
    const std::string address = std::string(password).substr(0, 5) + "@practice.example";
    v1::CreateClientRequest request = CreateRequest(address);
    request.mutable_row()->set_password_hash(hash);
    const v1::RowResult result = Create(request);
    EXPECT_EQ(result.outcome(), v1::ROW_OUTCOME_CREATED);
    EXPECT_EQ(result.temporary_password(), "");
    EXPECT_FALSE(result.has_password_expires_at());
    EXPECT_EQ(Get(address).state(), v1::CLIENT_STATE_ACTIVE);

    RawDatabase database(database_path());
    EXPECT_EQ(Verify(address, "somebody else's"), v1::VERIFY_PASSWORD_OUTCOME_WRONG);
    EXPECT_EQ(database.CredentialOf(address), hash);
    EXPECT_EQ(Activate(address, password).outcome(), v1::ACTIVATE_CLIENT_OUTCOME_ALREADY_ACTIVE);
    EXPECT_EQ(database.CredentialOf(address), hash);

    EXPECT_EQ(Verify(address, password), v1::VERIFY_PASSWORD_OUTCOME_OK);
    const std::string ours = database.CredentialOf(address);
    EXPECT_TRUE(ours.starts_with("$argon2id$v=19$m=7168,t=5,p=1$")) << ours;
    EXPECT_EQ(Verify(address, password), v1::VERIFY_PASSWORD_OUTCOME_OK);
    EXPECT_EQ(Verify(address, "somebody else's"), v1::VERIFY_PASSWORD_OUTCOME_WRONG);
    EXPECT_EQ(database.CredentialOf(address), ours);
  }
}

// bcrypt has not read the end of it, so nobody knows whether it is typed right.
TEST_F(AccountCallsTest, ABcryptHashOfALongPasswordStays) {
  const std::string password =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 and more";
  const std::string hash = "$2b$10$abcdefghijklmnopqrstuuWY20iHMsPSTWRC.SHaN5ldsmkIwK.vy";
  v1::CreateClientRequest request = CreateRequest("long@practice.example");
  request.mutable_row()->set_password_hash(hash);
  ASSERT_EQ(Create(request).outcome(), v1::ROW_OUTCOME_CREATED) << error_;
  EXPECT_EQ(Verify("long@practice.example", password), v1::VERIFY_PASSWORD_OUTCOME_OK);
  EXPECT_EQ(Verify("long@practice.example", password + " typing errors"),
            v1::VERIFY_PASSWORD_OUTCOME_OK);
  EXPECT_EQ(RawDatabase(database_path()).CredentialOf("long@practice.example"), hash);
  // What was read whole is hashed anew, and then counts as a whole.
  EXPECT_EQ(Verify("long@practice.example", password.substr(0, 72)),
            v1::VERIFY_PASSWORD_OUTCOME_OK);
  EXPECT_NE(RawDatabase(database_path()).CredentialOf("long@practice.example"), hash);
  EXPECT_EQ(Verify("long@practice.example", password), v1::VERIFY_PASSWORD_OUTCOME_WRONG);
}

TEST_F(AccountCallsTest, AClientIsMadeOnce) {
  const v1::CreateClientRequest request = CreateRequest("ada@practice.example");
  const v1::RowResult first = Create(request);
  EXPECT_EQ(error_.Name(), "OK") << error_;
  EXPECT_EQ(first.outcome(), v1::ROW_OUTCOME_CREATED);
  EXPECT_EQ(first.row_number(), 1);
  EXPECT_FALSE(first.temporary_password().empty());

  const v1::RowResult again = Create(request);
  EXPECT_EQ(again.outcome(), v1::ROW_OUTCOME_CREATED);
  EXPECT_TRUE(again.replayed());
  EXPECT_EQ(again.client_id(), first.client_id());
  EXPECT_EQ(Verify("ada@practice.example", first.temporary_password()),
            v1::VERIFY_PASSWORD_OUTCOME_WRONG);
  EXPECT_EQ(Verify("ada@practice.example", again.temporary_password()),
            v1::VERIFY_PASSWORD_OUTCOME_MUST_ACTIVATE);

  EXPECT_EQ(Activate("ada@practice.example", again.temporary_password()).outcome(),
            v1::ACTIVATE_CLIENT_OUTCOME_ACTIVATED);
  const v1::RowResult late = Create(request);
  EXPECT_EQ(late.outcome(), v1::ROW_OUTCOME_CREATED);
  EXPECT_TRUE(late.temporary_password().empty());
  ASSERT_EQ(late.warnings_size(), 1);
  EXPECT_EQ(late.warnings(0).code(), v1::FIELD_ISSUE_CODE_PASSWORD_NOT_REPEATABLE);
  EXPECT_EQ(Verify("ada@practice.example", own_password), v1::VERIFY_PASSWORD_OUTCOME_OK);

  EXPECT_EQ(Create(CreateRequest("ada@practice.example")).outcome(),
            v1::ROW_OUTCOME_ALREADY_EXISTS);
  v1::CreateClientRequest other = request;
  other.mutable_row()->set_first_name("Eve");
  EXPECT_EQ(Create(other).outcome(), v1::ROW_OUTCOME_CONFLICTING_REPLAY);
}

TEST_F(AccountCallsTest, ARequestIsNoImportAndAnImportNoRequest) {
  const v1::CreateClientRequest request = CreateRequest("ada@practice.example");
  Create(request);
  const auto call = Import({StartMessage(request.request_id()), RowsMessage(1, 1), EndMessage()});
  const RpcError error = ReadRpcError(call->Wait());
  EXPECT_EQ(error.Name(), "FAILED_PRECONDITION OPTIONS_DIFFER");
  EXPECT_EQ(error.metadata.at("field"), "import_id");

  v1::ListImportsRequest list;
  list.set_organization_id(test_organization);
  grpc::ClientContext context;
  v1::ListImportsResponse listed;
  EXPECT_TRUE(imports().ListImports(&context, list, &listed).ok());
  EXPECT_EQ(listed.imports_size(), 0);
  EXPECT_EQ(GetImport(request.request_id()).rows().created(), 1);
}

TEST_F(AccountCallsTest, ABadRowIsRejectedAsInAnImport) {
  v1::CreateClientRequest request = CreateRequest("Ada@practice.example");
  request.mutable_row()->set_birthdate("19990230");
  const v1::RowResult result = Create(request);
  EXPECT_EQ(result.outcome(), v1::ROW_OUTCOME_REJECTED);
  ASSERT_EQ(result.violations_size(), 2);
  EXPECT_EQ(result.violations(0).code(), v1::FIELD_ISSUE_CODE_EMAIL_UPPER_CASE);
  EXPECT_EQ(result.violations(1).code(), v1::FIELD_ISSUE_CODE_DATE_NOT_REAL);
}

TEST_F(AccountCallsTest, OptionsAreChecked) {
  v1::CreateClientRequest request = CreateRequest("ada@practice.example");
  request.mutable_temporary_password_ttl()->set_seconds(3599);
  Create(request);
  EXPECT_EQ(error_.Name(), "INVALID_ARGUMENT OPTION_INVALID");
  EXPECT_EQ(error_.metadata.at("field"), "temporary_password_ttl");
  request.clear_temporary_password_ttl();
  request.mutable_row()->set_row_number(7);
  Create(request);
  EXPECT_EQ(error_.metadata.at("field"), "row.row_number");
  request.mutable_row()->clear_row_number();
  request.set_request_id("one");
  Create(request);
  EXPECT_EQ(error_.metadata.at("field"), "request_id");
  Reissue({});
  EXPECT_EQ(error_.metadata.at("field"), "client_id");
  Activate("ada@practice.example", "");
  EXPECT_EQ(error_.metadata.at("field"), "temporary_password");
  Verify("", "secret");
  EXPECT_EQ(error_.metadata.at("field"), "email_address");
  Get("nobody@practice.example");
  EXPECT_EQ(error_.Name(), "NOT_FOUND CLIENT_NOT_FOUND");
  Revert("0190a0a0-0000-7000-8000-0000000000ff");
  EXPECT_EQ(error_.Name(), "NOT_FOUND IMPORT_NOT_FOUND");
}

TEST_F(AccountCallsTest, ANewPasswordIsRefusedWithAllReasons) {
  const auto response = Activate("somebody@practice.example", "somebody", "somebody");
  EXPECT_EQ(response.outcome(), v1::ACTIVATE_CLIENT_OUTCOME_PASSWORD_REFUSED);
  std::vector<v1::FieldIssueCode> codes;
  for (const auto& violation : response.violations()) {
    EXPECT_EQ(violation.field(), "new_password");
    codes.push_back(violation.code());
  }
  EXPECT_THAT(codes, testing::ElementsAre(v1::FIELD_ISSUE_CODE_PASSWORD_UNCHANGED,
                                          v1::FIELD_ISSUE_CODE_PASSWORD_CONTAINS_ADDRESS,
                                          v1::FIELD_ISSUE_CODE_PASSWORD_COMMON));
}

TEST_F(AccountCallsTest, ReissueVoidsThePasswordAndResetMakesPending) {
  const std::string address = "ada@practice.example";
  const v1::RowResult created = Create(CreateRequest(address));
  const v1::RowResult reissued = Reissue(ReissueRequest(address));
  EXPECT_EQ(reissued.outcome(), v1::ROW_OUTCOME_REISSUED);
  EXPECT_EQ(reissued.email_address(), address);
  EXPECT_EQ(Activate(address, created.temporary_password()).outcome(),
            v1::ACTIVATE_CLIENT_OUTCOME_WRONG);
  EXPECT_EQ(Activate(address, reissued.temporary_password()).outcome(),
            v1::ACTIVATE_CLIENT_OUTCOME_ACTIVATED);
  EXPECT_EQ(Activate(address, own_password, "another quiet wagon full").outcome(),
            v1::ACTIVATE_CLIENT_OUTCOME_ALREADY_ACTIVE);

  v1::ReissueTemporaryPasswordRequest request = ReissueRequest(address);
  Reissue(request);
  EXPECT_EQ(error_.Name(), "FAILED_PRECONDITION CLIENT_ACTIVE");
  request.set_temporary_password("short");
  request.set_reset_active(true);
  const v1::RowResult refused = Reissue(request);
  EXPECT_EQ(refused.outcome(), v1::ROW_OUTCOME_REJECTED);
  EXPECT_EQ(Verify(address, own_password), v1::VERIFY_PASSWORD_OUTCOME_OK);
  request.set_temporary_password("long enough, and said");
  EXPECT_EQ(Reissue(request).outcome(), v1::ROW_OUTCOME_REISSUED);
  EXPECT_EQ(Get(address).state(), v1::CLIENT_STATE_PENDING);
  EXPECT_EQ(Verify(address, own_password), v1::VERIFY_PASSWORD_OUTCOME_WRONG);
  EXPECT_EQ(Verify(address, "long enough, and said"), v1::VERIFY_PASSWORD_OUTCOME_MUST_ACTIVATE);
  request.set_import_id(NewImportId());
  Reissue(request);
  EXPECT_EQ(error_.Name(), "FAILED_PRECONDITION PASSWORD_REPLACED");
}

// Of the import that set it, not of the one that made the client.
TEST_F(AccountCallsTest, APasswordIsOfARowOfItsImport) {
  const std::string address = "ada@practice.example";
  const v1::RowResult created = Create(CreateRequest(address));
  const std::string import_id = NewImportId();
  std::vector<v1::ImportClientsRequest> messages = {StartMessage(import_id), {}, EndMessage()};
  messages[0].mutable_start()->set_existing_account(v1::EXISTING_ACCOUNT_REISSUE_PENDING);
  v1::ClientRow& row = *messages[1].mutable_rows()->add_rows();
  row = CreateRequest(address).row();
  row.set_row_number(7);
  ASSERT_TRUE(Import(messages)->Wait().ok());

  v1::ListClientsRequest list;
  list.set_password_import_id(import_id);
  const auto listed = Call(&v1::ClientAccountService::Stub::ListClients, list);
  ASSERT_EQ(listed.clients_size(), 1);
  EXPECT_EQ(listed.clients(0).row_number(), 1);
  EXPECT_EQ(listed.clients(0).password_row_number(), 7);
  EXPECT_EQ(listed.clients(0).password_import_id(), import_id);
  v1::ReissueTemporaryPasswordRequest request = ReissueRequest(address);
  request.set_import_id(import_id);
  EXPECT_EQ(Reissue(request).row_number(), 7);
  EXPECT_EQ(Reissue(ReissueRequest(address)).row_number(), 1);
  EXPECT_EQ(Get(address).password_row_number(), 0);
}

TEST_F(AccountCallsTest, AnErasedClientIsGoneAndItsAddressFree) {
  const v1::CreateClientRequest request = CreateRequest("ada@practice.example");
  const v1::RowResult created = Create(request);
  EXPECT_EQ(Delete(created.client_id()), created.client_id());
  EXPECT_EQ(Delete(created.client_id()), created.client_id()) << "a second time is no error";
  Get("ada@practice.example");
  EXPECT_EQ(error_.Name(), "NOT_FOUND CLIENT_NOT_FOUND");
  EXPECT_EQ(Verify("ada@practice.example", created.temporary_password()),
            v1::VERIFY_PASSWORD_OUTCOME_WRONG);
  Delete("0190a0a0-0000-7000-8000-0000000000ff");
  EXPECT_EQ(error_.Name(), "NOT_FOUND CLIENT_NOT_FOUND");

  EXPECT_EQ(Create(request).outcome(), v1::ROW_OUTCOME_CONFLICTING_REPLAY) << "nothing comes back";
  const v1::RowResult anew = Create(CreateRequest("ada@practice.example"));
  EXPECT_EQ(anew.outcome(), v1::ROW_OUTCOME_CREATED);
  EXPECT_NE(anew.client_id(), created.client_id());
}

TEST_F(AccountCallsTest, ARevertTakesTheImportFromItsStream) {
  const std::string import_id = NewImportId();
  RawImportCall call(channel());
  call.Send(StartMessage(import_id));
  call.Send(RowsMessage(1, 20));
  ASSERT_TRUE(call.WaitForResults(20));
  const std::string address = call.results()[0].email_address();
  Activate(address, call.results()[0].temporary_password());
  const std::string third = call.results()[2].email_address();
  Reissue(ReissueRequest(third));

  const auto reverted = Revert(import_id);
  EXPECT_EQ(error_.Name(), "OK") << error_;
  EXPECT_EQ(ReadRpcError(call.Wait()).Name(), "ABORTED TAKEN_OVER");
  EXPECT_EQ(reverted.removed_clients(), 18);
  ASSERT_EQ(reverted.kept_size(), 2);
  EXPECT_EQ(reverted.kept(0).row_number(), 1);
  EXPECT_EQ(reverted.kept(0).email_address(), address);
  EXPECT_EQ(reverted.kept(0).reason(), v1::KEPT_REASON_USED);
  EXPECT_EQ(reverted.kept(1).email_address(), third);
  EXPECT_EQ(reverted.kept(1).reason(), v1::KEPT_REASON_PASSWORD_REISSUED);
  EXPECT_EQ(GetImport(import_id).state(), v1::IMPORT_STATE_REVERTED);
  EXPECT_EQ(GetImport(import_id).reverted_clients(), 18);

  const auto resumed = Import({StartMessage(import_id), RowsMessage(1, 20), EndMessage()});
  EXPECT_EQ(ReadRpcError(resumed->Wait()).Name(), "FAILED_PRECONDITION IMPORT_REVERTED");
  const auto again = Revert(import_id);
  EXPECT_EQ(again.removed_clients(), 0);
  EXPECT_EQ(again.kept_clients(), 2);
}

TEST_F(AccountCallsTest, NoPasswordIsInAnyFileOrLog) {
  const std::string address = "ada@practice.example";
  v1::CreateClientRequest request = CreateRequest(address);
  request.mutable_row()->set_initial_password("canary first temporary");
  Create(request);
  Activate(address, "canary first temporary", "canary and four wagons");
  Verify(address, "canary and four wagons");
  Verify(address, "canary that is wrong");
  v1::ReissueTemporaryPasswordRequest reissue = ReissueRequest(address);
  reissue.set_reset_active(true);
  reissue.set_temporary_password("canary reissued by hand");
  Reissue(reissue);
  const std::string generated = Create(CreateRequest("bo@practice.example")).temporary_password();
  for (const char* suffix : {"", "-wal", ".failures", ".failures-wal"}) {
    std::ifstream file(database_path() + suffix, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    EXPECT_THAT(bytes, Not(HasSubstr("canary"))) << suffix;
    EXPECT_THAT(bytes, Not(HasSubstr(generated))) << suffix;
  }
  EXPECT_THAT(server().log(), Not(HasSubstr("canary")));
  EXPECT_THAT(server().log(), Not(HasSubstr(address)));
}

TEST_F(AccountCallsTest, TheAuditSaysWhoDidWhatAndNamesNobody) {
  const v1::CreateClientRequest request = CreateRequest("ada@practice.example");
  const v1::RowResult created = Create(request);
  Activate("ada@practice.example", created.temporary_password());
  Delete(created.client_id());
  const auto exported = Run({"audit", "export", "--store", "sqlite:" + database_path()});
  EXPECT_EQ(exported->Wait(absl::Seconds(30)), 0);
  const std::string lines = exported->log();
  for (const char* event :
       {"import.claimed", "client.created", "client.activated", "client.erased"}) {
    EXPECT_THAT(lines, HasSubstr("\"event\":\"" + std::string(event) + "\""));
  }
  const std::string client_id = "\"client_id\":\"" + created.client_id() + "\"";
  const std::vector<std::string> all = absl::StrSplit(lines, '\n');
  for (const char* event : {"client.created", "client.activated", "client.erased"}) {
    const auto its = std::ranges::find_if(
        all, [&](const std::string& line) { return absl::StrContains(line, event); });
    ASSERT_NE(its, all.end()) << event;
    EXPECT_THAT(*its, HasSubstr(client_id));
  }
  EXPECT_THAT(lines, HasSubstr("\"import_id\":\"" + request.request_id() + "\""));
  EXPECT_THAT(lines, Not(HasSubstr("import.completed"))) << "it is one client";
  EXPECT_THAT(lines, HasSubstr("\"caller\":\"unauthenticated\""));
  EXPECT_THAT(lines, Not(HasSubstr("ada@")));
  EXPECT_THAT(lines, Not(HasSubstr("Lund")));
}

}  // namespace
}  // namespace provisioning
