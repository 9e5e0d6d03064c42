// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/growth.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/bench/bench.h"
#include "tests/bench/random_rows.h"
#include "tests/bench/served_import.h"
#include "tests/load/plot_ticks.h"
#include "tests/load/svg_plot.h"

namespace provisioning {
namespace {

using Clock = std::chrono::steady_clock;
using Points = std::vector<std::pair<double, double>>;  // Of what, rows per second.

constexpr int panel_width = 330;
constexpr int panel_height = 250;
constexpr int heading_height = 26;
constexpr char style[] =
    "<style>text{font:12px sans-serif;fill:#5b6675}.title{font-weight:bold}.grid{stroke:#dde2e9}"
    ".axis{stroke:#5b6675}.line{fill:none;stroke:#2563eb;stroke-width:2;stroke-linejoin:round;"
    "stroke-linecap:round}</style>";

MessageStream::NextMessage Rows(std::int64_t count, std::uint64_t seed) {
  return [count, seed, next = std::int64_t{1}](grpc::ByteBuffer& message) mutable {
    if (next > count) return false;
    message = RowMessage(next, count, seed, "");
    next += rows_per_message;
    return true;
  };
}

double SecondsSince(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

// One import into an empty store: the rate of each of its parts.
Points ByClientsInTheStore(std::int64_t rows, std::int64_t rows_per_point) {
  ServedStore store;
  Points points;
  std::int64_t seen = 0;
  auto begin = Clock::now();
  store.Import(BenchStart(true), Rows(rows, 1), rows, v1::ROW_OUTCOME_CREATED,
               [&](std::int64_t now) {
                 if (now == seen || (now < seen + rows_per_point && now < rows)) return;
                 points.emplace_back(now, static_cast<double>(now - seen) / SecondsSince(begin));
                 seen = now;
                 begin = Clock::now();
               });
  return points;
}

double RateOf(int streams, int organizations, std::int64_t rows) {
  ServedStore store;
  const std::int64_t rows_per_stream = rows / streams;
  const auto begin = Clock::now();
  std::vector<std::thread> callers;
  for (int i = 0; i < streams; ++i) {
    callers.emplace_back([&store, i, organizations, rows_per_stream] {
      store.Import(BenchStart(true, absl::StrCat("bench-", i % organizations)),
                   Rows(rows_per_stream, static_cast<std::uint64_t>(i)), rows_per_stream,
                   v1::ROW_OUTCOME_CREATED);
    });
  }
  for (std::thread& caller : callers) caller.join();
  return static_cast<double>(rows_per_stream * streams) / SecondsSince(begin);
}

Points ByStreams(std::int64_t rows) {
  Points points;
  for (const int streams : {1, 4, 16, 64, 256})
    points.emplace_back(streams, RateOf(streams, 1, rows));
  return points;
}

Points ByOrganizations(std::int64_t rows) {
  Points points;
  for (const int count : {1, 4, 16, 64}) points.emplace_back(count, RateOf(64, count, rows));
  return points;
}

void Print(const char* of_what, const Points& points) {
  for (const auto& [x, rate] : points) std::printf("%s %.0f: %.0f rows/s\n", of_what, x, rate);
  std::fflush(stdout);
}

// From 1 on, by a factor of 4.
PlotAxis DoublingAxis(const std::string& title, double largest) {
  PlotAxis axis{.title = title, .min = 1, .max = largest, .logarithmic = true};
  for (double value = 1; value <= largest; value *= 4) {
    axis.ticks.push_back({value, absl::StrCat(static_cast<int>(value))});
  }
  return axis;
}

// A panel of the drawing, the `index`-th from the left.
std::string Panel(int index, const std::string& title, PlotAxis x, const Points& points,
                  double largest_rate) {
  const Plot plot{.title = title,
                  .x = std::move(x),
                  .y = CountAxis("rows/s", largest_rate),
                  .lines = {{.name = "rate", .style = "a", .points = points}}};
  std::string svg = PlotSvg(plot, panel_width, panel_height);
  const int left = index * panel_width;
  svg.insert(sizeof("<svg") - 1,
             absl::StrCat(" x=\"", left, "\" y=\"", heading_height, "\" width=\"", panel_width,
                          "\" height=\"", panel_height, "\""));
  return absl::StrCat("<text class=\"title\" x=\"", left + panel_width / 2,
                      "\" y=\"18\" text-anchor=\"middle\">", Escaped(title), "</text>", svg, "\n");
}

double Largest(const Points& points) {
  return std::ranges::max(points, {}, &std::pair<double, double>::second).second;
}

}  // namespace

void MeasureGrowth(const std::string& svg_path, bool quick) {
  const std::int64_t rows = quick ? 50'000 : 500'000;
  const Points clients = ByClientsInTheStore(rows * 10, rows / 2);
  Print("clients in the store", clients);
  const Points streams = ByStreams(rows);
  Print("streams", streams);
  const Points organizations = ByOrganizations(rows);
  Print("organizations, of 64 streams", organizations);

  const double largest = std::max({Largest(clients), Largest(streams), Largest(organizations)});
  const int width = 3 * panel_width;
  const int height = heading_height + panel_height;
  std::ofstream file(svg_path, std::ios::trunc);
  file << "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " << width << " " << height
       << "\" width=\"" << width << "\" height=\"" << height << "\">" << style
       << "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
       << Panel(0, "one import", CountAxis("clients in the store", clients.back().first), clients,
                largest)
       << Panel(1, "many streams", DoublingAxis("streams at a time", streams.back().first), streams,
                largest)
       << Panel(2, "64 streams",
                DoublingAxis("organizations that have them", organizations.back().first),
                organizations, largest)
       << "</svg>\n";
  if (!file.flush()) GiveUp(svg_path + " cannot be written");
}

}  // namespace provisioning
