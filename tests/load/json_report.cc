// SPDX-License-Identifier: Apache-2.0
#include "tests/load/json_report.h"

#include "tests/load/json_writer.h"

namespace provisioning {
namespace {

void WriteRun(JsonWriter& json, const LoadReport& report) {
  json.Key("server").Text(report.server);
  json.Key("begin").Text(absl::FormatTime(absl::RFC3339_sec, report.begin, absl::UTCTimeZone()));
  json.Key("elapsed_seconds").Number(absl::ToDoubleSeconds(report.elapsed));
  json.Key("interrupted").Bool(report.interrupted);
  // As text: it may be larger than what other programs can hold exactly.
  json.Key("seed").Text(std::to_string(report.seed));
  json.Key("parameters").BeginObject();
  for (const auto& [name, value] : report.parameters) json.Key(name).Text(value);
  json.EndObject();
}

void WriteVerdict(JsonWriter& json, const LoadReport& report) {
  json.Key("passed").Bool(report.passed());
  json.Key("failures").BeginArray();
  for (const std::string& failure : report.failures) json.Text(failure);
  json.EndArray();
  json.Key("objectives").BeginArray();
  for (const auto& [objective, value, met] : report.objectives) {
    json.BeginObject().Key("objective").Text(objective).Key("value").Text(value);
    json.Key("met").Bool(met).EndObject();
  }
  json.EndArray();
}

void WriteRows(JsonWriter& json, const RunFacts& facts) {
  json.Key("rows").BeginObject();
  json.Member("due", facts.rows_due).Member("sent", facts.rows_sent);
  json.Member("answered", facts.rows_answered).Member("wrong", facts.rows_wrong);
  json.Member("unknown", facts.rows_unknown).Member("unsent", facts.rows_unsent());
  json.Member("resent", facts.rows_resent).Member("replayed", facts.rows_replayed);
  json.Member("answered_twice", facts.answered_twice);
  json.Key("error_share").Number(facts.error_share());
  json.Key("answered_per_second").Number(facts.rate()).EndObject();
  json.Key("outcomes").BeginObject();
  for (std::size_t i = 0; i < outcome_count; ++i) {
    if (facts.outcomes[i] > 0) json.Member(outcome_names[i], facts.outcomes[i]);
  }
  json.EndObject();
}

void WriteStreams(JsonWriter& json, const RunFacts& facts) {
  json.Key("streams").BeginObject();
  json.Member("started", facts.streams_started).Member("ok", facts.streams_ok);
  json.Member("cut", facts.streams_cut).Member("given_up", facts.streams_given_up);
  json.Key("errors").BeginArray();
  for (const auto& [status, error] : facts.stream_errors) {
    json.BeginObject().Key("status").Text(status).Member("count", error.count);
    json.Key("example").Text(error.example).EndObject();
  }
  json.EndArray().EndObject();
}

void WriteWrongAnswers(JsonWriter& json, const RunFacts& facts) {
  json.Key("wrong_answers").BeginObject().Member("total", facts.wrong_count());
  json.Key("kinds").BeginArray();
  for (std::size_t i = 0; i < wrong_kind_count; ++i) {
    const RunFacts::Wrong& wrong = facts.wrong[i];
    if (wrong.count == 0) continue;
    const auto kind = static_cast<WrongKind>(i);
    json.BeginObject().Key("kind").Text(NameOf(kind)).Key("meaning").Text(Meaning(kind));
    json.Member("count", wrong.count).Key("examples").BeginArray();
    for (const std::string& example : wrong.examples) json.Text(example);
    json.EndArray().EndObject();
  }
  json.EndArray().EndObject();
}

void WriteLatency(JsonWriter& json, const char* name, const LatencyHistogram& histogram) {
  json.Key(name).BeginObject().Member("count", histogram.count());
  json.Key("min").Number(absl::ToDoubleSeconds(histogram.smallest()));
  json.Key("mean").Number(absl::ToDoubleSeconds(histogram.mean()));
  for (const double percent : reported_percents) {
    json.Key(PercentileName(percent)).Number(absl::ToDoubleSeconds(histogram.Percentile(percent)));
  }
  json.Key("max").Number(absl::ToDoubleSeconds(histogram.largest())).EndObject();
}

void WriteOrganizations(JsonWriter& json, const LoadReport& report) {
  json.Key("organizations").BeginObject().Key("jain_index").Number(report.facts.fairness());
  json.Key("rows_answered").BeginObject();
  for (std::size_t i = 0; i < report.organizations.size(); ++i) {
    json.Member(report.organizations[i], report.facts.answered_by_organization[i]);
  }
  json.EndObject().EndObject();
}

void WriteSeries(JsonWriter& json, const TimeSeries& series, bool memory) {
  json.Key("series").BeginObject().Member("bucket_seconds", series.bucket_seconds());
  json.Key("buckets").BeginArray();
  std::int64_t second = 0;
  for (const TimeBucket& bucket : series.buckets()) {
    json.BeginObject().Member("second", second).Member("due", bucket.rows_due);
    json.Member("sent", bucket.rows_sent).Member("answered", bucket.rows_answered);
    json.Member("errors", bucket.errors);
    if (bucket.latency.count() > 0) {
      json.Key("p50").Number(absl::ToDoubleSeconds(bucket.latency.Percentile(50)));
      json.Key("p99").Number(absl::ToDoubleSeconds(bucket.latency.Percentile(99)));
      json.Key("max").Number(absl::ToDoubleSeconds(bucket.latency.largest()));
    }
    if (memory) json.Member("server_memory", bucket.resident_bytes);
    json.EndObject();
    second += series.bucket_seconds();
  }
  json.EndArray().EndObject();
}

}  // namespace

std::string JsonReport(const LoadReport& report) {
  const RunFacts& facts = report.facts;
  JsonWriter json;
  json.BeginObject();
  WriteRun(json, report);
  WriteVerdict(json, report);
  WriteRows(json, facts);
  WriteStreams(json, facts);
  WriteWrongAnswers(json, facts);
  WriteLatency(json, "latency", facts.latency);
  WriteLatency(json, "service_time", facts.service_time);
  WriteLatency(json, "import_time", facts.import_time);
  WriteOrganizations(json, report);
  json.Key("generator_late_max").Number(static_cast<double>(facts.late_max) / 1e9);
  if (facts.memory) {
    json.Key("server_memory").BeginObject().Member("first", facts.memory->first_bytes);
    json.Member("last", facts.memory->last_bytes).Member("max", facts.memory->max_bytes);
    json.EndObject();
  }
  WriteSeries(json, facts.series, facts.memory.has_value());
  json.EndObject();
  return json.text() + "\n";
}

}  // namespace provisioning
