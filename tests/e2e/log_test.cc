// SPDX-License-Identifier: Apache-2.0
// What a server says of its calls.
#include <sstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/e2e/provisiond_fixture.h"

namespace provisioning {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

constexpr char trace_id[] = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr char parent_id[] = "00f067aa0ba902b7";

class LogTest : public ProvisiondFixture {
 protected:
  // A call that fails, with these headers; gives the request id of the answer.
  std::string GetNoImport(const std::vector<std::pair<std::string, std::string>>& headers,
                          const std::string& import_id) {
    grpc::ClientContext context;
    for (const auto& [name, value] : headers) context.AddMetadata(name, value);
    v1::GetImportRequest request;
    request.set_organization_id(test_organization);
    request.set_import_id(import_id);
    v1::GetImportResponse response;
    EXPECT_EQ(imports().GetImport(&context, request, &response).error_code(),
              grpc::StatusCode::NOT_FOUND);
    const auto found = context.GetServerInitialMetadata().find("x-request-id");
    if (found == context.GetServerInitialMetadata().end()) return "";
    return {found->second.data(), found->second.size()};
  }
  void Succeed() {
    v1::GetImportSchemaResponse response;
    grpc::ClientContext context;
    EXPECT_TRUE(imports().GetImportSchema(&context, {}, &response).ok());
  }
  // All of a server that has ended. Each is an object, or the test fails.
  std::vector<json> Lines() {
    EXPECT_EQ(server().Terminate(), 0);
    std::vector<json> objects;
    std::istringstream lines(server().log());
    for (std::string line; std::getline(lines, line);) {
      json object = json::parse(line, nullptr, /*allow_exceptions=*/false);
      EXPECT_TRUE(object.is_object()) << line;
      if (object.is_object()) objects.push_back(std::move(object));
    }
    return objects;
  }
  // The only one about this method.
  static json LineOf(const std::vector<json>& lines, const std::string& method) {
    json found;
    int count = 0;
    for (const json& line : lines) {
      if (line.value("method", "") != method) continue;
      found = line;
      ++count;
    }
    EXPECT_EQ(count, 1) << method;
    return found;
  }
};

TEST_F(LogTest, EveryLineIsAnObject) {
  AddServeFlags({"--log-format", "json"});
  server().WaitForLog("listening on ");
  const std::vector<json> lines = Lines();
  EXPECT_GE(lines.size(), 3U);
  for (const json& line : lines) {
    EXPECT_THAT(line.at("time"),
                MatchesRegex("20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{3}Z"));
    EXPECT_EQ(line.at("level"), "info");
    EXPECT_NE(line.at("message"), "");
  }
}

TEST_F(LogTest, StreamsAndFailuresHaveALine) {
  AddServeFlags({"--log-format", "json"});
  const std::string import_id = NewImportId();
  EXPECT_TRUE(Import({StartMessage(import_id), RowsMessage(1, 5), EndMessage()})->Wait().ok());
  const std::string absent = NewImportId();
  EXPECT_EQ(GetNoImport({{"traceparent", std::string("00-") + trace_id + "-" + parent_id + "-01"},
                         {"x-request-id", "ticket-17"}},
                        absent),
            "ticket-17");
  Succeed();
  const std::vector<json> lines = Lines();

  const json stream = LineOf(lines, "/provisioning.v1.ClientProvisioningService/ImportClients");
  EXPECT_EQ(stream.at("message"), "call ended");
  EXPECT_EQ(stream.at("code"), "OK");
  EXPECT_EQ(stream.at("organization_id"), test_organization);
  EXPECT_EQ(stream.at("import_id"), import_id);
  EXPECT_GT(stream.at("duration_seconds"), 0);
  EXPECT_EQ(stream.at("caller"), "unauthenticated");
  EXPECT_THAT(stream.at("request_id"), MatchesRegex("[0-9a-f]{32}"));
  EXPECT_THAT(stream.at("trace_id"), MatchesRegex("[0-9a-f]{32}"));
  EXPECT_THAT(stream.at("span_id"), MatchesRegex("[0-9a-f]{16}"));
  EXPECT_FALSE(stream.contains("parent_span_id"));

  const json failure = LineOf(lines, "/provisioning.v1.ClientProvisioningService/GetImport");
  EXPECT_EQ(failure.at("code"), "NOT_FOUND");
  EXPECT_EQ(failure.at("reason"), "IMPORT_NOT_FOUND");
  EXPECT_THAT(failure.at("error"), HasSubstr(absent));
  EXPECT_EQ(failure.at("import_id"), absent);
  EXPECT_EQ(failure.at("request_id"), "ticket-17");
  EXPECT_EQ(failure.at("trace_id"), trace_id);
  EXPECT_EQ(failure.at("parent_span_id"), parent_id);
  EXPECT_NE(failure.at("span_id"), parent_id);

  for (const json& line : lines) {
    EXPECT_THAT(line.value("method", ""), Not(HasSubstr("GetImportSchema")))
        << "a unary call that went well";
  }
}

TEST_F(LogTest, HeadersThatAreWrongAreReplaced) {
  AddServeFlags({"--log-format", "json"});
  const std::string id = GetNoImport(
      {{"traceparent", "00-" + std::string(32, '0') + "-x-01"}, {"x-request-id", "two words"}},
      NewImportId());
  EXPECT_THAT(id, MatchesRegex("[0-9a-f]{32}"));
  const json line = LineOf(Lines(), "/provisioning.v1.ClientProvisioningService/GetImport");
  EXPECT_EQ(line.at("request_id"), id);
  EXPECT_NE(line.at("trace_id"), std::string(32, '0'));
  EXPECT_FALSE(line.contains("parent_span_id"));
}

TEST_F(LogTest, AllCallsAreThereAtDebug) {
  AddServeFlags({"--log-format", "json"});
  AddEnvironment("SPDLOG_LEVEL=debug");
  Succeed();
  const json line = LineOf(Lines(), "/provisioning.v1.ClientProvisioningService/GetImportSchema");
  EXPECT_EQ(line.at("level"), "debug");
  EXPECT_EQ(line.at("code"), "OK");
}

TEST_F(LogTest, TextHasTheSameFields) {
  const std::string import_id = NewImportId();
  EXPECT_TRUE(Import({StartMessage(import_id), EndMessage()})->Wait().ok());
  EXPECT_EQ(server().Terminate(), 0);
  EXPECT_THAT(server().log(),
              HasSubstr(" info call ended method=/provisioning.v1.ClientProvisioningService/"
                        "ImportClients code=OK duration_seconds="));
  EXPECT_THAT(server().log(), HasSubstr(" import_id=" + import_id + " "));
}

}  // namespace
}  // namespace provisioning
