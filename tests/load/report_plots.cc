// SPDX-License-Identifier: Apache-2.0
#include "tests/load/report_plots.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "tests/load/plot_ticks.h"

namespace provisioning {
namespace {

constexpr int percentile_points = 240;
constexpr double no_point = std::numeric_limits<double>::quiet_NaN();

PlotLine ByPercentile(const LatencyHistogram& histogram, const std::string& name,
                      const std::string& style, const PlotAxis& axis) {
  PlotLine line{.name = name, .style = style};
  for (int i = 0; i <= percentile_points; ++i) {
    const double place = std::pow(axis.max, static_cast<double>(i) / percentile_points);
    const double percent = 100 * (1 - 1 / place);
    line.points.emplace_back(place, absl::ToDoubleSeconds(histogram.Percentile(percent)));
  }
  return line;
}

// How long the bucket that begins then lasted: the last one, as long as the run.
double Lasted(const LoadReport& report, double begin) {
  const double seconds = report.facts.series.bucket_seconds();
  return std::clamp(absl::ToDoubleSeconds(report.elapsed) - begin, 1e-3, seconds);
}

// One point in the middle of each bucket.
PlotLine OverTime(const LoadReport& report, const std::string& name, const std::string& style,
                  const std::function<double(const TimeBucket&, double lasted)>& value) {
  PlotLine line{.name = name, .style = style};
  double begin = 0;
  for (const TimeBucket& bucket : report.facts.series.buckets()) {
    const double lasted = Lasted(report, begin);
    line.points.emplace_back(begin + lasted / 2, value(bucket, lasted));
    begin += report.facts.series.bucket_seconds();
  }
  return line;
}

double Largest(const std::vector<PlotLine>& lines) {
  double largest = 0;
  for (const PlotLine& line : lines) {
    for (const auto& [x, y] : line.points) {
      if (std::isfinite(y)) largest = std::max(largest, y);
    }
  }
  return largest;
}

double Smallest(const std::vector<PlotLine>& lines) {
  double smallest = std::numeric_limits<double>::infinity();
  for (const PlotLine& line : lines) {
    for (const auto& [x, y] : line.points) {
      if (std::isfinite(y)) smallest = std::min(smallest, y);
    }
  }
  return smallest;
}

// A gap where the last bucket is too short to say anything.
PlotLine RateLine(const LoadReport& report, const std::string& name, const std::string& style,
                  std::int64_t TimeBucket::*rows) {
  const TimeSeries& series = report.facts.series;
  const double least = series.buckets().size() > 1 ? series.bucket_seconds() / 2.0 : 0;
  return OverTime(report, name, style, [rows, least](const TimeBucket& bucket, double lasted) {
    return lasted < least ? no_point : static_cast<double>(bucket.*rows) / lasted;
  });
}

PlotAxis RunAxis(const LoadReport& report) {
  return TimeAxis("time since the start", absl::ToDoubleSeconds(report.elapsed));
}

}  // namespace

Plot LatencyByPercentile(const LoadReport& report) {
  const RunFacts& facts = report.facts;
  Plot plot{.title = "Latency by percentile"};
  plot.x = PercentileAxis("percentile of rows (%)", static_cast<double>(facts.latency.count()));
  if (report.open_loop) {
    plot.lines = {ByPercentile(facts.latency, "from when a row was due", "a", plot.x),
                  ByPercentile(facts.service_time, "from when it was sent", "b", plot.x)};
  } else {
    plot.lines = {ByPercentile(facts.latency, "from when a row was sent", "a", plot.x)};
  }
  plot.y = LatencyAxis("latency", Smallest(plot.lines), Largest(plot.lines));
  return plot;
}

Plot RateOverTime(const LoadReport& report) {
  Plot plot{.title = "Rate over time"};
  plot.x = RunAxis(report);
  if (report.open_loop) {
    plot.lines.push_back(RateLine(report, "due", "c", &TimeBucket::rows_due));
  }
  plot.lines.push_back(RateLine(report, "sent", "b", &TimeBucket::rows_sent));
  plot.lines.push_back(RateLine(report, "answered", "a", &TimeBucket::rows_answered));
  plot.y = CountAxis("rows per second", Largest(plot.lines));
  return plot;
}

Plot LatencyOverTime(const LoadReport& report) {
  const auto percentile = [](double percent) {
    return [percent](const TimeBucket& bucket, double) {
      return bucket.latency.count() == 0
                 ? no_point
                 : absl::ToDoubleSeconds(bucket.latency.Percentile(percent));
    };
  };
  Plot plot{.title = "Latency over time"};
  plot.x = RunAxis(report);
  plot.lines = {OverTime(report, "max", "c", percentile(100)),
                OverTime(report, "p99", "b", percentile(99)),
                OverTime(report, "p50", "a", percentile(50))};
  plot.y = LatencyAxis("latency of rows", Smallest(plot.lines), Largest(plot.lines));
  return plot;
}

Plot MemoryOverTime(const LoadReport& report) {
  Plot plot{.title = "Server's memory over time"};
  plot.x = RunAxis(report);
  plot.lines = {OverTime(report, "resident", "a", [](const TimeBucket& bucket, double) {
    return bucket.resident_bytes == 0 ? no_point : static_cast<double>(bucket.resident_bytes);
  })};
  plot.y = MemoryAxis("resident memory", Largest(plot.lines));
  return plot;
}

}  // namespace provisioning
