// SPDX-License-Identifier: Apache-2.0
#include "service/signals/metrics.h"

#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"
#include "prometheus/text_serializer.h"
#include "service/model/error.h"

namespace provisioning {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string TextOf(const Metrics& metrics) {
  return prometheus::TextSerializer().Serialize(metrics.collectable()->Collect());
}

ImportObserver::Seconds Seconds(double seconds) { return ImportObserver::Seconds(seconds); }

TEST(MetricsTest, RowsAreCountedByOutcome) {
  Metrics metrics;
  ImportObserver::Answered answered;
  answered.rows[RowOutcome::kCreated] = 7;
  answered.rows[RowOutcome::kRejected] = 2;
  answered.replayed_rows = 3;
  const std::vector<ImportObserver::Wait> waits = {{Seconds(.002), 4}, {Seconds(.05), 5}};
  answered.waits = waits;
  metrics.OnAnswered(answered);
  metrics.OnAnswered(answered);
  const std::string text = TextOf(metrics);
  EXPECT_THAT(text, HasSubstr("provisioning_rows_total{outcome=\"CREATED\"} 14\n"));
  EXPECT_THAT(text, HasSubstr("provisioning_rows_total{outcome=\"REJECTED\"} 4\n"));
  EXPECT_THAT(text, HasSubstr("provisioning_rows_total{outcome=\"VALID\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("provisioning_replayed_rows_total 6\n"));
  EXPECT_THAT(text, HasSubstr("provisioning_validated_rows_total 0\n"));
  EXPECT_THAT(text, HasSubstr("provisioning_row_seconds_count 18\n"));
  EXPECT_THAT(text, HasSubstr("provisioning_row_seconds_bucket{le=\"0.001\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("provisioning_row_seconds_bucket{le=\"0.0025\"} 8\n"));
  // A bound is in its bucket.
  EXPECT_THAT(text, HasSubstr("provisioning_row_seconds_bucket{le=\"0.05\"} 18\n"));
}

TEST(MetricsTest, CommitsAreCountedByWhatBecameOfThem) {
  Metrics metrics;
  metrics.OnCommitted(Seconds(.03), 4096, absl::OkStatus());
  metrics.OnCommitted(Seconds(.03), 0, MakeError(ErrorReason::kDiskFull, "no room"));
  metrics.OnCommitted(Seconds(.03), 0, MakeError(ErrorReason::kTakenOver, "taken"));
  metrics.OnCommitted(Seconds(.03), 0, absl::InternalError("what is that"));
  const std::string text = TextOf(metrics);
  EXPECT_THAT(text, HasSubstr("provisioning_commit_seconds_count 4\n"));
  EXPECT_THAT(text, HasSubstr("provisioning_commit_rows_count 1\n"));
  EXPECT_THAT(text, HasSubstr("provisioning_commit_rows_sum 4096\n"));
  EXPECT_THAT(text, HasSubstr("provisioning_commit_failures_total{reason=\"disk_full\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("provisioning_commit_failures_total{reason=\"taken_over\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("provisioning_commit_failures_total{reason=\"other\"} 1\n"));
  EXPECT_THAT(text,
              HasSubstr("provisioning_commit_failures_total{reason=\"store_unavailable\"} 0\n"));
}

TEST(MetricsTest, WhatIsReadIsReadAtEachLook) {
  Metrics metrics;
  double refused = 1;
  EXPECT_THAT(TextOf(metrics), HasSubstr("provisioning_connections_refused_total 0\n"))
      << "a counter is there from the start on";
  EXPECT_THAT(TextOf(metrics), Not(HasSubstr("provisioning_certificate_expiry_timestamp_seconds ")))
      << "a gauge that nobody reads is none";
  metrics.Read(ReadOut::kConnectionsRefused, [&] { return refused; });
  metrics.Read(ReadOut::kCertificateExpiry, [] { return 3; });
  metrics.Read(ReadOut::kRowsHashing, [] { return 16; });
  refused = 2;
  EXPECT_THAT(TextOf(metrics), HasSubstr("provisioning_connections_refused_total 2\n"));
  EXPECT_THAT(TextOf(metrics), HasSubstr("provisioning_certificate_expiry_timestamp_seconds 3\n"));
  EXPECT_THAT(TextOf(metrics), HasSubstr("provisioning_rows_waiting{stage=\"hashing\"} 16\n"));
}

TEST(MetricsTest, CallsAreCountedByMethod) {
  Metrics metrics;
  CallMetrics& calls = metrics.OfMethod("/a.v1.B/Get", "unary");
  EXPECT_EQ(&metrics.OfMethod("/a.v1.B/Get", "unary"), &calls);
  calls.OnStarted();
  calls.OnReceived();
  calls.OnHandled(5, Seconds(.1));
  calls.OnHandled(99, Seconds(.1));
  const std::string text = TextOf(metrics);
  const std::string labels = "grpc_method=\"Get\",grpc_service=\"a.v1.B\",grpc_type=\"unary\"} ";
  EXPECT_THAT(text, HasSubstr("grpc_server_started_total{" + labels + "1\n"));
  EXPECT_THAT(text, HasSubstr("grpc_server_msg_received_total{" + labels + "1\n"));
  EXPECT_THAT(text, HasSubstr("grpc_server_msg_sent_total{" + labels + "0\n"));
  EXPECT_THAT(text,
              HasSubstr("grpc_server_handled_total{grpc_code=\"NotFound\"," + labels + "1\n"));
  EXPECT_THAT(text, HasSubstr("grpc_server_handled_total{grpc_code=\"Unknown\"," + labels + "1\n"));
  EXPECT_THAT(text,
              HasSubstr("grpc_server_handled_total{grpc_code=\"Internal\"," + labels + "0\n"));
  EXPECT_THAT(text, HasSubstr("grpc_server_handling_seconds_count{" + labels + "2\n"));
}

TEST(MetricsTest, EachIsDeclaredOnceWithAHelp) {
  Metrics metrics;
  metrics.SetBuild("1.2.3", "sqlite");
  for (int what = 0; what <= static_cast<int>(ReadOut::kClientCaExpiry); ++what) {
    metrics.Read(static_cast<ReadOut>(what), [] { return 1; });
  }
  std::set<std::string> names;
  for (const prometheus::MetricFamily& family : metrics.collectable()->Collect()) {
    EXPECT_TRUE(names.insert(family.name).second) << family.name;
    EXPECT_THAT(family.help, testing::EndsWith(".")) << family.name;
    EXPECT_EQ(family.type == prometheus::MetricType::Counter, family.name.ends_with("_total"))
        << family.name;
  }
  EXPECT_TRUE(names.contains("provisioning_certificate_expiry_timestamp_seconds"));
}

TEST(MetricsTest, ErrorsAreCountedByReasonsThatAreKnown) {
  Metrics metrics;
  metrics.DeclareError("disk_full");
  metrics.DeclareError("draining");
  metrics.OnError("disk_full");
  metrics.OnError("what a caller sent");
  const std::string text = TextOf(metrics);
  EXPECT_THAT(text, HasSubstr("provisioning_errors_total{reason=\"disk_full\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("provisioning_errors_total{reason=\"draining\"} 0\n"));
  EXPECT_THAT(text, Not(HasSubstr("what a caller sent")));
}

// Counters that lose counts would show it here.
TEST(MetricsTest, NothingIsLostBetweenThreads) {
  Metrics metrics;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&metrics] {
      ImportObserver::Answered answered;
      answered.rows[RowOutcome::kCreated] = 3;
      const std::vector<ImportObserver::Wait> waits = {{Seconds(.01), 3}};
      answered.waits = waits;
      for (int n = 0; n < 1000; ++n) {
        metrics.OnAnswered(answered);
        metrics.OnHashed(Seconds(.01));
        metrics.OfMethod("/a.B/C", "unary").OnStarted();
      }
    });
  }
  for (int n = 0; n < 20; ++n) EXPECT_NE(TextOf(metrics), "");
  for (std::thread& thread : threads) thread.join();
  const std::string text = TextOf(metrics);
  EXPECT_THAT(text, HasSubstr("provisioning_rows_total{outcome=\"CREATED\"} 12000\n"));
  EXPECT_THAT(text, HasSubstr("provisioning_row_seconds_count 12000\n"));
  EXPECT_THAT(text, HasSubstr("provisioning_hash_seconds_count 4000\n"));
  EXPECT_THAT(text, HasSubstr("grpc_type=\"unary\"} 4000\n"));
}

}  // namespace
}  // namespace provisioning
