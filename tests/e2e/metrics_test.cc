// SPDX-License-Identifier: Apache-2.0
// What a server shows of itself, against what its callers saw.
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/watched_provisiond.h"
#include "tests/support/generic_call.h"
#include "tests/support/poll_until.h"

namespace provisioning {
namespace {

using testing::ElementsAre;
using testing::Gt;

constexpr char import_method[] = "ImportClients";

class MetricsTest : public WatchedProvisiond {
 protected:
  // Sends this, and counts what came of it.
  void Try(const std::vector<v1::ImportClientsRequest>& messages) {
    const auto call = Import(messages);
    ++streams_;
    messages_ += static_cast<double>(messages.size());
    const grpc::Status status = call->Wait();
    ++codes_[status.error_code()];
    const bool validates = messages.front().start().validate_only();
    for (const v1::RowResult& result : call->results()) {
      ++outcomes_[result.outcome()];
      if (result.replayed()) ++replayed_;
      (validates ? validated_ : settled_) += 1;
    }
  }
  void EveryOutcome();

  double streams_ = 0;
  double messages_ = 0;
  std::map<int, double> codes_;
  std::map<v1::RowOutcome, double> outcomes_;
  double replayed_ = 0;
  double validated_ = 0;
  double settled_ = 0;
};

v1::ImportClientsRequest RowsOf(const std::vector<v1::ClientRow>& rows) {
  v1::ImportClientsRequest message;
  for (const v1::ClientRow& row : rows) *message.mutable_rows()->add_rows() = row;
  return message;
}

v1::ClientRow NumberedAnew(v1::ClientRow row, std::int64_t number) {
  row.set_row_number(number);
  return row;
}

void MetricsTest::EveryOutcome() {
  v1::ClientRow bad = MakeMessageRow(5);
  bad.set_birthdate("20.11.1981");
  v1::ClientRow given = MakeMessageRow(4);
  given.set_initial_password("blue-heron-at-dawn");
  const v1::ImportClientsRequest start = StartMessage();
  const v1::ImportClientsRequest rows = RowsOf(
      {MakeMessageRow(1), MakeMessageRow(2), NumberedAnew(MakeMessageRow(1), 3), given, bad});
  Try({start, rows, EndMessage()});
  Try({start, rows, EndMessage()});
  Try({start, RowsOf({NumberedAnew(MakeMessageRow(9), 1)}), EndMessage()});
  Try({StartMessage(), RowsMessage(1, 2), EndMessage()});
  v1::ImportClientsRequest updating = StartMessage();
  updating.mutable_start()->set_existing_account(v1::EXISTING_ACCOUNT_UPDATE_PROFILE);
  v1::ClientRow renamed = MakeMessageRow(1);
  renamed.set_first_name("Else");
  Try({updating, RowsOf({renamed}), EndMessage()});
  v1::ImportClientsRequest reissuing = StartMessage();
  reissuing.mutable_start()->set_existing_account(v1::EXISTING_ACCOUNT_REISSUE_PENDING);
  Try({reissuing, RowsMessage(2, 2), EndMessage()});
  v1::ImportClientsRequest validating = StartMessage();
  validating.mutable_start()->clear_import_id();
  validating.mutable_start()->set_validate_only(true);
  Try({validating, RowsMessage(20, 25), EndMessage()});
  Try({StartMessage(), RowsMessage(30, 31)});  // Without end.
}

TEST_F(MetricsTest, CountsAreExact) {
  EveryOutcome();
  const MetricsScrape scrape = Scrape();
  for (const auto outcome :
       {v1::ROW_OUTCOME_REJECTED, v1::ROW_OUTCOME_DUPLICATE_ROW, v1::ROW_OUTCOME_CONFLICTING_REPLAY,
        v1::ROW_OUTCOME_ALREADY_EXISTS, v1::ROW_OUTCOME_UPDATED, v1::ROW_OUTCOME_REISSUED,
        v1::ROW_OUTCOME_CREATED, v1::ROW_OUTCOME_VALID}) {
    const std::string name = v1::RowOutcome_Name(outcome).substr(sizeof("ROW_OUTCOME_") - 1);
    EXPECT_THAT(outcomes_[outcome], Gt(0)) << name << " is not in this test";
    EXPECT_EQ(scrape.Sum("provisioning_rows_total", {{"outcome", name}}), outcomes_[outcome])
        << name;
  }
  EXPECT_EQ(scrape.Sum("provisioning_rows_total"), settled_ + validated_);
  EXPECT_THAT(replayed_, Gt(0));
  EXPECT_EQ(scrape.Sum("provisioning_replayed_rows_total"), replayed_);
  EXPECT_EQ(scrape.Sum("provisioning_validated_rows_total"), validated_);
  EXPECT_EQ(scrape.Sum("provisioning_row_seconds_count"), settled_ + validated_);
  EXPECT_EQ(scrape.Sum("provisioning_row_seconds_bucket", {{"le", "+Inf"}}), settled_ + validated_);
  EXPECT_EQ(scrape.Sum("provisioning_commit_rows_sum"), settled_);
  EXPECT_EQ(scrape.Sum("provisioning_commit_failures_total"), 0);
  EXPECT_EQ(scrape.Sum("provisioning_hash_seconds_count"), 1) << "one password was given";
  EXPECT_THAT(scrape.Sum("provisioning_hash_threads"), Gt(0));
  for (const char* sum : {"provisioning_row_seconds_sum", "provisioning_commit_seconds_sum",
                          "provisioning_hash_seconds_sum"}) {
    EXPECT_THAT(scrape.Sum(sum), Gt(0)) << sum;
  }
}

TEST_F(MetricsTest, CallsAreCountedByMethodAndCode) {
  EveryOutcome();
  v1::GetImportRequest request;
  request.set_organization_id(test_organization);
  request.set_import_id(NewImportId());
  v1::GetImportResponse response;
  grpc::ClientContext context;
  EXPECT_EQ(imports().GetImport(&context, request, &response).error_code(),
            grpc::StatusCode::NOT_FOUND);
  const MetricsScrape scrape = Scrape();
  const MetricsScrape::Labels imports = {{"grpc_method", import_method},
                                         {"grpc_type", "bidi_stream"}};
  const auto with_code = [](MetricsScrape::Labels labels, const std::string& code) {
    labels["grpc_code"] = code;
    return labels;
  };
  EXPECT_EQ(scrape.Sum("grpc_server_started_total", imports), streams_);
  EXPECT_EQ(scrape.Sum("grpc_server_handled_total", imports), streams_);
  EXPECT_EQ(scrape.Sum("grpc_server_handled_total", with_code(imports, "OK")),
            codes_[grpc::StatusCode::OK]);
  EXPECT_EQ(codes_[grpc::StatusCode::FAILED_PRECONDITION], 1);
  EXPECT_EQ(scrape.Sum("grpc_server_handled_total", with_code(imports, "FailedPrecondition")), 1);
  EXPECT_EQ(scrape.Sum("grpc_server_handling_seconds_count", imports), streams_);
  EXPECT_EQ(scrape.Sum("grpc_server_msg_received_total", imports), messages_);
  // At least `started` and a message of results each.
  EXPECT_GE(scrape.Sum("grpc_server_msg_sent_total", imports), 2 * streams_);
  const MetricsScrape::Labels get = {{"grpc_service", "provisioning.v1.ClientProvisioningService"},
                                     {"grpc_method", "GetImport"},
                                     {"grpc_type", "unary"}};
  EXPECT_EQ(scrape.Sum("grpc_server_handled_total", with_code(get, "NotFound")), 1);
  EXPECT_EQ(scrape.Sum("grpc_server_msg_received_total", get), 1);
  // What was never called is there, at 0.
  const MetricsScrape::Labels never = {{"grpc_service", "provisioning.v1.ClientAccountService"},
                                       {"grpc_method", "VerifyPassword"},
                                       {"grpc_code", "Internal"}};
  EXPECT_TRUE(scrape.Has("grpc_server_handled_total", never));
  EXPECT_EQ(scrape.Sum("grpc_server_handled_total", never), 0);
}

TEST_F(MetricsTest, RowsThatNobodyTakesAreSeenToWait) {
  RawImportCall call(NewChannel(), {.reads = false, .deadline = absl::InfiniteDuration()});
  call.Send(StartMessage());
  for (std::int64_t last = 0; call.Send(RowsMessage(last + 1, last + 500), absl::Seconds(2));) {
    last += 500;
  }
  EXPECT_TRUE(PollUntil([this] {
    return Scrape().Sum("provisioning_rows_waiting", {{"stage", "sending"}}) > 0;
  }));
  EXPECT_EQ(Scrape().Sum("provisioning_streams"), 1);
  EXPECT_THAT(Scrape().Sum("provisioning_rows_waiting_bytes"), Gt(0));
  call.Cancel();
  EXPECT_TRUE(PollUntil([this] { return Scrape().Sum("provisioning_streams") == 0; }));
  EXPECT_EQ(Scrape().Sum("provisioning_rows_waiting"), 0);
  EXPECT_EQ(Scrape().Sum("provisioning_rows_waiting_bytes"), 0);
}

TEST_F(MetricsTest, TheProcessAndTheBuildAreShown) {
  EXPECT_NE(address(), "");
  const MetricsScrape scrape = Scrape();
  EXPECT_TRUE(scrape.Has("provisioning_build_info", {{"store", "sqlite"}}));
  EXPECT_EQ(scrape.Sum("provisioning_serving"), 1);
  EXPECT_EQ(scrape.Sum("provisioning_store_ready"), 1);
  EXPECT_THAT(scrape.Sum("process_resident_memory_bytes"), Gt(1 << 20));
  EXPECT_THAT(scrape.Sum("process_virtual_memory_bytes"),
              Gt(scrape.Sum("process_resident_memory_bytes")));
  EXPECT_THAT(scrape.Sum("process_open_fds"), Gt(5));
  EXPECT_THAT(scrape.Sum("process_max_fds"), Gt(scrape.Sum("process_open_fds")));
  EXPECT_THAT(scrape.Sum("process_cpu_seconds_total"), Gt(0));
  EXPECT_NEAR(scrape.Sum("process_start_time_seconds"),
              absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch()), 600);
}

// A label that is made of what callers send would be without bound.
TEST_F(MetricsTest, NoOtherLabelsThanThese) {
  EveryOutcome();
  EXPECT_THAT(Scrape().LabelNames(),
              ElementsAre("grpc_code", "grpc_method", "grpc_service", "grpc_type", "le", "outcome",
                          "quantile", "reason", "stage", "store", "version"));
}

// What a caller asks for is any text.
TEST_F(MetricsTest, MethodsThatNobodyHasAreOne) {
  for (const char* method : {"/a.B/One", "/a.B/Two", "/", "/provisioning.v1.NoSuchService/Three"}) {
    EXPECT_EQ(CallMethod(channel(), method, {""}).status.error_code(),
              grpc::StatusCode::UNIMPLEMENTED);
  }
  const MetricsScrape scrape = Scrape();
  EXPECT_EQ(scrape.Sum("grpc_server_handled_total",
                       {{"grpc_service", "unknown"}, {"grpc_code", "Unimplemented"}}),
            4);
  EXPECT_EQ(scrape.Sum("grpc_server_handled_total", {{"grpc_code", "Unimplemented"}}), 4);
  EXPECT_FALSE(scrape.Has("grpc_server_started_total", {{"grpc_method", "One"}}));
}

TEST_F(MetricsTest, NothingElseIsServed) {
  EXPECT_NE(address(), "");
  EXPECT_EQ(HttpGet(metrics_address(), "/metrics").code, 200);
  for (const char* path : {"/", "/metric", "/etc/passwd", "/../../../../etc/passwd", "//etc/passwd",
                           "/%2e%2e/%2e%2e/etc/passwd", "/proc/self/environ"}) {
    const HttpAnswer answer = HttpGet(metrics_address(), path);
    EXPECT_EQ(answer.code / 100, 4) << path << ": " << answer.code << " " << answer.body;
  }
  for (const char* method : {"PUT", "DELETE"}) {
    EXPECT_EQ(HttpGet(metrics_address(), "/written", method).code / 100, 4) << method;
  }
  EXPECT_EQ(HttpGet(metrics_address(), "/metrics").code, 200);
}

// The dashboard and the alerts ask for nothing that is not shown after an import.
class NamesTest : public MetricsTest {
 protected:
  // The exit code of the check, with this put into a copy of the alerts.
  int Check(const std::string& from, const std::string& to) {
    const std::string folder = database_path() + ".names";
    std::ofstream(folder + ".scrape") << MetricsText();
    std::ifstream file(std::string(HELM_FILES) + "/alerts.yaml");
    std::string alerts{std::istreambuf_iterator<char>(file), {}};
    if (!from.empty()) {
      const std::size_t at = alerts.find(from);
      EXPECT_NE(at, std::string::npos) << from;
      alerts.replace(at, from.size(), to);
    }
    std::ofstream(folder + ".yaml") << alerts;
    // Those of a server with TLS.
    const std::string command =
        absl::StrCat("python3 -B ", CHECK_NAMES_SCRIPT, " ", folder, ".scrape ", folder, ".yaml ",
                     HELM_FILES, "/dashboard.json ", HELM_FILES, "/RUNBOOK.md",
                     " --elsewhere provisioning_policy_current"
                     " --elsewhere provisioning_tls_files_valid"
                     " --elsewhere provisioning_certificate_not_before_timestamp_seconds"
                     " --elsewhere provisioning_certificate_expiry_timestamp_seconds"
                     " --elsewhere provisioning_client_ca_expiry_timestamp_seconds");
    return std::system(command.c_str());
  }
};

TEST_F(NamesTest, EverythingThatIsAskedForIsShown) {
  EveryOutcome();
  EXPECT_EQ(Check("", ""), 0);
}

TEST_F(NamesTest, MadeUpNamesAreFound) {
  EveryOutcome();
  EXPECT_NE(Check("provisioning_store_ready", "provisioning_store_redy"), 0);
  EXPECT_NE(Check("provisioning_commit_seconds_bucket", "provisioning_commit_seconds_total"), 0);
  EXPECT_NE(Check("provisioning_serving{job=\"provisiond\"}", "provisioning_serving"), 0);
  EXPECT_NE(Check("#provisioningdiskfull", "#provisioningdiskful"), 0);
}

}  // namespace
}  // namespace provisioning
