// SPDX-License-Identifier: Apache-2.0
#include <limits>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/load/html_report.h"
#include "tests/load/json_report.h"
#include "tests/load/json_writer.h"
#include "tests/load/plot_ticks.h"
#include "tests/load/svg_plot.h"

namespace provisioning {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr std::int64_t second = 1'000'000'000;

LoadReport SomeReport() {
  RunRecord record(2, true);
  for (int i = 0; i < 5; ++i) {
    record.RowsDue(i * second, 10);
    record.RowsSent(i * second, 10, 0);
    if (i == 2) continue;  // A second without an answer.
    AnsweredRows rows;
    rows.time = i * second + second / 2;
    rows.rows.assign(10, {i * second, i * second});
    rows.outcomes[7] = 10;
    record.RowsAnswered(rows);
    record.ServerMemory(i * second, 50 << 20);
  }
  record.StreamFailed(0, "UNKNOWN <b>", "x\"</td><script>alert('1')</script>\x1b\xff", 10);
  record.Wrong(0, {WrongKind::kOutcome, "row 1: <img onerror=x>"}, "load-1", true);
  LoadOptions options;
  options.rate = 10;
  options.organizations = 2;
  options.connections = 1;
  LoadReport report = MakeReport(options, record.facts());
  report.server = "<script>alert(1)</script>&\"'";
  report.elapsed = absl::Seconds(5);
  return report;
}

TEST(HtmlReportTest, WhatCameFromOutsideIsText) {
  const std::string html = HtmlReport(SomeReport());
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("<img")));
  EXPECT_THAT(html, Not(HasSubstr("\x1b")));
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#39;"));
}

TEST(HtmlReportTest, LoadsNothingFromElsewhere) {
  const std::string html = HtmlReport(SomeReport());
  for (const char* reference : {"http:", "https:", "src=", "href=", "url(", "@import"}) {
    EXPECT_THAT(html, Not(HasSubstr(reference)));
  }
}

TEST(HtmlReportTest, EveryPlotIsThereInTwoWidths) {
  const std::string html = HtmlReport(SomeReport());
  std::size_t plots = 0;
  for (std::size_t at = 0; (at = html.find("<svg", at)) != html.npos; ++at) ++plots;
  EXPECT_EQ(plots, 8U);
  for (const char* bad : {"nan", "inf\"", "inf "}) EXPECT_THAT(html, Not(HasSubstr(bad)));
}

TEST(HtmlReportTest, ARunWithoutAnswersHasNoPlots) {
  LoadReport report = MakeReport(LoadOptions(), RunRecord(1, false).facts());
  EXPECT_THAT(HtmlReport(report), HasSubstr("no row was answered"));
  EXPECT_THAT(HtmlReport(report), Not(HasSubstr("<svg")));
  EXPECT_THAT(JsonReport(report), HasSubstr("\"answered\":0"));
}

TEST(JsonReportTest, TextIsQuoted) {
  const std::string json = JsonReport(SomeReport());
  EXPECT_THAT(json, HasSubstr("x\\\"</td>"));
  EXPECT_THAT(json, Not(HasSubstr("\xff")));
  EXPECT_THAT(json, Not(HasSubstr("\x1b")));
}

TEST(JsonWriterTest, CommasStandBetweenValuesOnly) {
  JsonWriter json;
  json.BeginObject().Key("a").BeginArray().Integer(1).Number(2.5).Text("t").EndArray();
  json.Key("b").BeginObject().EndObject().Key("c").Bool(true);
  json.Key("d").Number(std::numeric_limits<double>::quiet_NaN()).EndObject();
  EXPECT_EQ(json.text(), "{\"a\":[1,2.5,\"t\"],\"b\":{},\"c\":true,\"d\":null}");
}

std::vector<std::string> Labels(const PlotAxis& axis) {
  std::vector<std::string> labels;
  for (const PlotTick& tick : axis.ticks) labels.push_back(tick.label);
  return labels;
}

TEST(PlotTicksTest, AxesHaveRoundNumbers) {
  EXPECT_THAT(Labels(CountAxis("", 15'200)),
              ElementsAre("0", "5,000", "10,000", "15,000", "20,000"));
  EXPECT_THAT(Labels(CountAxis("", 0)), ElementsAre("0", "0.2", "0.4", "0.6", "0.8", "1"));
  EXPECT_THAT(Labels(MemoryAxis("", 109.0 * 1048576)),
              ElementsAre("0 MiB", "50 MiB", "100 MiB", "150 MiB"));
  EXPECT_THAT(Labels(LatencyAxis("", 0.010, 0.045)),
              ElementsAre("0", "10 ms", "20 ms", "30 ms", "40 ms", "50 ms"));
  EXPECT_THAT(Labels(LatencyAxis("", 0.0003, 30)),
              ElementsAre("100 us", "1 ms", "10 ms", "100 ms", "1 s", "10 s", "100 s"));
  EXPECT_THAT(Labels(LatencyAxis("", 0.002, 0.03)),
              ElementsAre("1 ms", "2 ms", "5 ms", "10 ms", "20 ms", "50 ms", "100 ms"));
  EXPECT_THAT(Labels(TimeAxis("", 600)),
              ElementsAre("0", "1m", "2m", "3m", "4m", "5m", "6m", "7m", "8m", "9m", "10m"));
  EXPECT_THAT(Labels(PercentileAxis("", 5000)),
              ElementsAre("0", "50", "75", "90", "95", "99", "99.9"));
}

TEST(SvgPlotTest, PointsStandWhereTheyShouldAndGapsStayOpen) {
  Plot plot;
  plot.x = {.min = 0, .max = 10};
  plot.y = {.min = 0, .max = 10, .ticks = {{0, "0"}, {10, "10"}}};
  const double gap = std::numeric_limits<double>::quiet_NaN();
  plot.lines = {{"line", "a", {{0, 0}, {5, 5}, {6, gap}, {10, 10}}}};
  // 44 from the left, 16 from the right, 10 from the top, 44 from the bottom.
  EXPECT_THAT(PlotSvg(plot, 260, 154), HasSubstr("d=\"M44.0 110.0L144.0 60.0M244.0 10.0h0.1\""));
}

}  // namespace
}  // namespace provisioning
