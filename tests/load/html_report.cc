// SPDX-License-Identifier: Apache-2.0
#include "tests/load/html_report.h"

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "client/terminal/duration_text.h"
#include "tests/load/html_style.h"
#include "tests/load/report_plots.h"
#include "tests/load/svg_plot.h"
#include "tests/load/unit_text.h"

namespace provisioning {
namespace {

constexpr int wide_width = 960;
constexpr int wide_height = 300;
constexpr int narrow_width = 350;
constexpr int narrow_height = 250;

void AppendHead(std::string& html, const LoadReport& report) {
  absl::StrAppend(&html,
                  "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                  "<title>provision-load: ",
                  Escaped(report.server), "</title><style>", html_style,
                  "</style></head>\n<body><main>\n<h1>Load on ", Escaped(report.server),
                  "</h1>\n<p class=\"soft\">",
                  absl::FormatTime("%Y-%m-%d %H:%M:%S UTC", report.begin, absl::UTCTimeZone()),
                  ", ", DurationText(report.elapsed), report.interrupted ? ", interrupted" : "",
                  "</p>\n<p class=\"verdict ", report.passed() ? "good" : "bad", "\">",
                  Escaped(report.Verdict()), "</p>\n");
}

void AppendKey(std::string& html, const std::string& name, const std::string& value,
               bool bad = false) {
  absl::StrAppend(&html, "<div><span class=\"soft\">", Escaped(name), "</span><b",
                  bad ? " class=\"bad\"" : "", ">", Escaped(value), "</b></div>\n");
}

void AppendKeys(std::string& html, const RunFacts& facts) {
  html += "<div class=\"keys\">\n";
  AppendKey(html, "Rows answered", CountText(facts.rows_answered));
  AppendKey(html, "Rows per second", NumberText(facts.rate()));
  for (const double percent : {50.0, 99.0, 99.9}) {
    AppendKey(html, "Latency " + PercentileName(percent),
              LatencyText(facts.latency.Percentile(percent)));
  }
  AppendKey(html, "Latency max", LatencyText(facts.latency.largest()));
  AppendKey(html, "Errors", PercentText(facts.error_share()), facts.error_share() > 0);
  AppendKey(html, "Wrong answers", CountText(facts.wrong_count()), facts.wrong_count() > 0);
  AppendKey(html, "Imports ended well", CountText(facts.streams_ok));
  if (facts.streams_cut > 0) AppendKey(html, "Cut and resumed", CountText(facts.streams_cut));
  if (facts.rows_unsent() > 0) {
    AppendKey(html, "Rows never sent", CountText(facts.rows_unsent()), true);
  }
  if (facts.rows_unknown > 0) {
    AppendKey(html, "Rows never answered", CountText(facts.rows_unknown), true);
  }
  if (facts.memory) {
    AppendKey(html, "Memory, max", BytesText(static_cast<double>(facts.memory->max_bytes)));
  }
  html += "</div>\n";
}

void AppendParameters(std::string& html, const LoadReport& report) {
  html += "<section><h2>The run</h2><dl>\n";
  const auto line = [&html](const std::string& name, const std::string& value) {
    absl::StrAppend(&html, "<dt>", Escaped(name), "</dt><dd>", Escaped(value), "</dd>\n");
  };
  for (const auto& [name, value] : report.parameters) line(name, value);
  const RunFacts& facts = report.facts;
  if (facts.answered_by_organization.size() > 1) {
    char index[32];
    std::snprintf(index, sizeof(index), "%.4f", facts.fairness());
    line("Fairness", std::string("Jain's index ") + index + " over the organizations");
  }
  if (facts.memory) {
    line("Server memory",
         absl::StrCat("first ", BytesText(static_cast<double>(facts.memory->first_bytes)),
                      ", last ", BytesText(static_cast<double>(facts.memory->last_bytes)),
                      ", most ", BytesText(static_cast<double>(facts.memory->max_bytes))));
  }
  html += "</dl></section>\n";
}

void AppendObjectives(std::string& html, const LoadReport& report) {
  if (report.objectives.empty()) return;
  html +=
      "<section><h2>Objectives</h2><div class=\"scroll\"><table><thead><tr><th>Objective</th>"
      "<th>Measured</th><th></th></tr></thead>\n";
  for (const auto& [objective, value, met] : report.objectives) {
    absl::StrAppend(&html, "<tr><td>", Escaped(objective), "</td><td>", Escaped(value),
                    "</td><td class=\"", met ? "good\">met" : "bad\">missed", "</td></tr>\n");
  }
  html += "</table></div></section>\n";
}

void AppendPlot(std::string& html, const Plot& plot) {
  absl::StrAppend(&html, "<figure><h2>", Escaped(plot.title), "</h2>\n");
  if (plot.lines.size() > 1) {
    html += "<ul class=\"legend\">";
    for (const PlotLine& line : plot.lines) {
      absl::StrAppend(&html, "<li class=\"", line.style, "\">", Escaped(line.name), "</li>");
    }
    html += "</ul>\n";
  }
  absl::StrAppend(&html, "<div class=\"wide-plot\">", PlotSvg(plot, wide_width, wide_height),
                  "</div>\n<div class=\"narrow\">", PlotSvg(plot, narrow_width, narrow_height),
                  "</div></figure>\n");
}

void AppendLatencies(std::string& html, const LoadReport& report) {
  const RunFacts& facts = report.facts;
  absl::StrAppend(&html,
                  "<section><h2>Latencies</h2><div class=\"scroll\"><table><thead><tr><th></th>"
                  "<th class=\"number\">Row, from ",
                  report.open_loop ? "due</th><th class=\"number\">Row, from sent" : "sent",
                  "</th><th class=\"number\">Import</th></tr></thead>\n");
  const auto line = [&](const std::string& name, auto value) {
    absl::StrAppend(&html, "<tr><th>", name, "</th><td class=\"number\">",
                    LatencyText(value(facts.latency)), "</td>");
    if (report.open_loop) {
      absl::StrAppend(&html, "<td class=\"number\">", LatencyText(value(facts.service_time)),
                      "</td>");
    }
    absl::StrAppend(
        &html, "<td class=\"number\">",
        facts.import_time.count() > 0 ? LatencyText(value(facts.import_time)) : std::string("-"),
        "</td></tr>\n");
  };
  line("min", [](const LatencyHistogram& histogram) { return histogram.smallest(); });
  line("mean", [](const LatencyHistogram& histogram) { return histogram.mean(); });
  for (const double percent : reported_percents) {
    line(PercentileName(percent),
         [percent](const LatencyHistogram& histogram) { return histogram.Percentile(percent); });
  }
  line("max", [](const LatencyHistogram& histogram) { return histogram.largest(); });
  html += "</table></div></section>\n";
}

void AppendOutcomes(std::string& html, const RunFacts& facts) {
  html += "<section><h2>Outcomes</h2>\n";
  for (std::size_t i = 0; i < outcome_count; ++i) {
    if (facts.outcomes[i] == 0) continue;
    const double share =
        static_cast<double>(facts.outcomes[i]) / static_cast<double>(facts.rows_answered);
    char width[32];
    std::snprintf(width, sizeof(width), "%.2f%%", share * 100);
    absl::StrAppend(&html, "<div class=\"bar\"><span class=\"name\">", outcome_names[i],
                    "</span><div class=\"track\"><div class=\"fill\" style=\"width:", width,
                    "\"></div></div><span class=\"count\">", CountText(facts.outcomes[i]), " (",
                    PercentText(share), ")</span></div>\n");
  }
  html += "</section>\n";
}

void AppendErrorRow(std::string& html, const std::string& what, std::int64_t count,
                    const std::string& example) {
  absl::StrAppend(&html, "<tr><td>", Escaped(what), "</td><td class=\"number\">", CountText(count),
                  "</td><td class=\"wide\">", Escaped(example), "</td></tr>\n");
}

constexpr char error_head[] =
    "<div class=\"scroll\"><table><thead><tr><th>What</th><th class=\"number\">How often</th>"
    "<th>For example</th></tr></thead>\n";

void AppendErrors(std::string& html, const RunFacts& facts) {
  if (facts.stream_error_count() > 0) {
    absl::StrAppend(&html, "<section><h2 class=\"bad\">Streams that failed</h2>", error_head);
    for (const auto& [status, error] : facts.stream_errors) {
      AppendErrorRow(html, status, error.count, error.example);
    }
    if (facts.streams_given_up > 0) {
      AppendErrorRow(html, "no end", facts.streams_given_up, "cancelled after --grace");
    }
    html += "</table></div></section>\n";
  }
  if (facts.wrong_count() == 0) return;
  absl::StrAppend(&html, "<section><h2 class=\"bad\">Wrong answers</h2>", error_head);
  for (std::size_t i = 0; i < wrong_kind_count; ++i) {
    const RunFacts::Wrong& wrong = facts.wrong[i];
    for (std::size_t example = 0; example < wrong.examples.size(); ++example) {
      if (example == 0) {
        AppendErrorRow(html, Meaning(static_cast<WrongKind>(i)), wrong.count, wrong.examples[0]);
      } else {
        absl::StrAppend(&html, "<tr><td></td><td></td><td class=\"wide\">",
                        Escaped(wrong.examples[example]), "</td></tr>\n");
      }
    }
  }
  html += "</table></div></section>\n";
}

}  // namespace

std::string HtmlReport(const LoadReport& report) {
  const RunFacts& facts = report.facts;
  std::string html;
  AppendHead(html, report);
  AppendKeys(html, facts);
  AppendObjectives(html, report);
  AppendErrors(html, facts);
  if (facts.latency.count() > 0) {
    AppendPlot(html, LatencyByPercentile(report));
    AppendPlot(html, RateOverTime(report));
    AppendPlot(html, LatencyOverTime(report));
    if (facts.memory) AppendPlot(html, MemoryOverTime(report));
    AppendOutcomes(html, facts);
    AppendLatencies(html, report);
  }
  AppendParameters(html, report);
  html += "<p class=\"soft\" style=\"margin-top:16px\">Made by provision-load. ";
  html += report.open_loop
              ? "Open loop: rows fall due on a schedule that does not wait for answers, and their "
                "latency counts from then.</p>\n"
              : "Closed loop: rows are sent as fast as flow control lets them go.</p>\n";
  return html + "</main></body></html>\n";
}

}  // namespace provisioning
