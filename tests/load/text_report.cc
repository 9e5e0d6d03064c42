// SPDX-License-Identifier: Apache-2.0
#include "tests/load/text_report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "client/terminal/duration_text.h"
#include "client/terminal/text_columns.h"
#include "tests/load/unit_text.h"

namespace provisioning {
namespace {

constexpr int histogram_lines = 12;
constexpr int bar_columns = 40;
constexpr std::int64_t late_worth_telling = 50'000'000;

std::string Padded(const std::string& text, std::size_t columns) {
  return text + std::string(columns > text.size() ? columns - text.size() : 0, ' ');
}

std::string RightAligned(const std::string& text, std::size_t columns) {
  return std::string(columns > text.size() ? columns - text.size() : 0, ' ') + text;
}

void Line(std::string& out, const std::string& name, const std::string& value) {
  absl::StrAppend(&out, "  ", Padded(name + ":", 17), value, "\n");
}

std::string Share(std::int64_t part, std::int64_t all) {
  if (all == 0) return "";
  return " (" + PercentText(static_cast<double>(part) / static_cast<double>(all)) + ")";
}

void AppendSummary(std::string& out, const LoadReport& report) {
  const RunFacts& facts = report.facts;
  out += "\nSummary:\n";
  Line(out, "Server", TerminalLine(report.server));
  for (const auto& [name, value] : report.parameters) Line(out, name, TerminalLine(value));
  Line(out, "Took", DurationText(report.elapsed) + (report.interrupted ? ", interrupted" : ""));
  if (report.open_loop) Line(out, "Rows due", CountText(facts.rows_due));
  Line(out, "Rows sent", CountText(facts.rows_sent));
  Line(out, "Rows answered",
       absl::StrCat(CountText(facts.rows_answered), ", ", NumberText(facts.rate()), " rows/s"));
  if (facts.rows_unsent() > 0) {
    Line(out, "Rows unsent",
         CountText(facts.rows_unsent()) + Share(facts.rows_unsent(), facts.rows_due) +
             ": due, and never sent; no percentile below has them");
  }
  if (facts.rows_unknown > 0) {
    Line(out, "Rows unknown", CountText(facts.rows_unknown) + ": sent, and never answered");
  }
  std::string streams = absl::StrCat(CountText(facts.streams_started), " started, ",
                                     CountText(facts.streams_ok), " ended well");
  if (facts.streams_cut > 0) {
    absl::StrAppend(&streams, ", ", CountText(facts.streams_cut), " cut and resumed (",
                    CountText(facts.rows_resent), " rows sent again, ",
                    CountText(facts.answered_twice), " answered twice)");
  }
  Line(out, "Streams", streams);
  if (facts.answered_by_organization.size() > 1) {
    const auto [least, most] = std::ranges::minmax(facts.answered_by_organization);
    char index[32];
    std::snprintf(index, sizeof(index), "%.4f", facts.fairness());
    Line(out, "Fairness",
         absl::StrCat("Jain's index ", index, "; organizations got ", CountText(least), " to ",
                      CountText(most), " rows"));
  }
  if (facts.late_max > late_worth_telling) {
    Line(out, "Generator",
         "up to " + LatencyText(absl::Nanoseconds(facts.late_max)) +
             " behind its own time, held up on this machine; that is in the latencies");
  }
  if (facts.memory) {
    Line(out, "Server's memory",
         absl::StrCat("first ", BytesText(static_cast<double>(facts.memory->first_bytes)),
                      ", last ", BytesText(static_cast<double>(facts.memory->last_bytes)),
                      ", most ", BytesText(static_cast<double>(facts.memory->max_bytes))));
  }
}

void AppendHistogram(std::string& out, const LatencyHistogram& latency) {
  out += "\nLatency histogram (from when a row was due to its result):\n";
  // Bounds that grow by the same factor: latencies spread over decades.
  const double least = std::max(1e-6, absl::ToDoubleSeconds(latency.smallest()));
  const double most = std::max(least * 1.01, absl::ToDoubleSeconds(latency.largest()));
  std::vector<std::int64_t> counts;
  std::vector<double> bounds;
  std::int64_t before = 0;
  for (int i = 1; i <= histogram_lines; ++i) {
    bounds.push_back(least * std::pow(most / least, static_cast<double>(i) / histogram_lines));
    const std::int64_t through =
        i == histogram_lines ? latency.count() : latency.CountThrough(absl::Seconds(bounds.back()));
    counts.push_back(through - before);
    before = through;
  }
  const std::int64_t highest = *std::ranges::max_element(counts);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const auto columns = static_cast<std::size_t>(bar_columns * counts[i] / highest);
    std::string bar;
    for (std::size_t column = 0; column < columns; ++column) bar += "∎";
    absl::StrAppend(&out, "  ", RightAligned(LatencyText(absl::Seconds(bounds[i])), 9), " ",
                    RightAligned("[" + CountText(counts[i]) + "]", 14), " |", bar, "\n");
  }
}

void AppendLatencies(std::string& out, const LoadReport& report) {
  const RunFacts& facts = report.facts;
  if (facts.latency.count() == 0) return;
  AppendHistogram(out, facts.latency);
  const bool both = report.open_loop;
  absl::StrAppend(&out, "\n", Padded("Latency", 14),
                  RightAligned(both ? "from due" : "of rows", 12),
                  both ? RightAligned("from sent", 12) : "", RightAligned("of imports", 12), "\n");
  const auto line = [&](const std::string& name, auto value) {
    absl::StrAppend(
        &out, "  ", Padded(name, 12), RightAligned(LatencyText(value(facts.latency)), 12),
        both ? RightAligned(LatencyText(value(facts.service_time)), 12) : "",
        facts.import_time.count() > 0 ? RightAligned(LatencyText(value(facts.import_time)), 12)
                                      : "",
        "\n");
  };
  line("min", [](const LatencyHistogram& histogram) { return histogram.smallest(); });
  line("mean", [](const LatencyHistogram& histogram) { return histogram.mean(); });
  for (const double percent : reported_percents) {
    line(PercentileName(percent),
         [percent](const LatencyHistogram& histogram) { return histogram.Percentile(percent); });
  }
  line("max", [](const LatencyHistogram& histogram) { return histogram.largest(); });
}

void AppendOutcomes(std::string& out, const RunFacts& facts) {
  out += "\nOutcomes:\n";
  for (std::size_t i = 0; i < outcome_count; ++i) {
    if (facts.outcomes[i] == 0) continue;
    absl::StrAppend(&out, "  ", Padded(absl::StrCat("[", outcome_names[i], "]"), 22),
                    CountText(facts.outcomes[i]), Share(facts.outcomes[i], facts.rows_answered),
                    "\n");
  }
}

void AppendErrors(std::string& out, const RunFacts& facts) {
  if (facts.stream_error_count() > 0) {
    out += "\nStreams that failed:\n";
    for (const auto& [status, error] : facts.stream_errors) {
      absl::StrAppend(&out, "  [", TerminalLine(status), "] ", CountText(error.count), ": ",
                      TerminalLine(error.example), "\n");
    }
    if (facts.streams_given_up > 0) {
      absl::StrAppend(&out, "  [no end within --grace] ", CountText(facts.streams_given_up),
                      ": cancelled\n");
    }
  }
  if (facts.wrong_count() == 0) return;
  out += "\nWRONG ANSWERS:\n";
  for (std::size_t i = 0; i < wrong_kind_count; ++i) {
    const RunFacts::Wrong& wrong = facts.wrong[i];
    if (wrong.count == 0) continue;
    const auto kind = static_cast<WrongKind>(i);
    absl::StrAppend(&out, "  [", NameOf(kind), "] ", CountText(wrong.count), ": ", Meaning(kind),
                    "\n");
    for (const std::string& example : wrong.examples) {
      absl::StrAppend(&out, "    ", TerminalLine(example), "\n");
    }
  }
}

}  // namespace

std::string TextReport(const LoadReport& report) {
  std::string out;
  AppendSummary(out, report);
  AppendLatencies(out, report);
  if (report.facts.rows_answered > 0) AppendOutcomes(out, report.facts);
  AppendErrors(out, report.facts);
  if (!report.objectives.empty()) out += "\nObjectives:\n";
  for (const auto& [objective, value, met] : report.objectives) {
    absl::StrAppend(&out, "  [", met ? "met" : "MISSED", "] ", objective, ": ", value, "\n");
  }
  absl::StrAppend(&out, "\n", report.Verdict(), "\n");
  return out;
}

}  // namespace provisioning
