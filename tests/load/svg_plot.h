// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace provisioning {

// Text as it may stand in HTML and SVG, whatever it says.
std::string Escaped(std::string_view text);

struct PlotTick {
  double value;
  std::string label;
};

struct PlotAxis {
  std::string title = {};  // With the unit.
  double min = 0;
  double max = 1;
  bool logarithmic = false;  // Then `min` is above 0.
  std::vector<PlotTick> ticks = {};
};

struct PlotLine {
  std::string name;
  std::string style;  // The CSS class that gives it its colour.
  // A point that is no number is a gap.
  std::vector<std::pair<double, double>> points = {};
};

struct Plot {
  std::string title;
  PlotAxis x = {};
  PlotAxis y = {};
  std::vector<PlotLine> lines = {};
};

// The plot as an SVG element of this size, in CSS pixels; of the ticks along x
// only as many as have room.
std::string PlotSvg(const Plot& plot, int width, int height);

}  // namespace provisioning
