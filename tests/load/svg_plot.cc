// SPDX-License-Identifier: Apache-2.0
#include "tests/load/svg_plot.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "client/terminal/text_columns.h"

namespace provisioning {
namespace {

// Room for the axes, and what a letter takes.
constexpr double top = 10;
constexpr double right = 16;
constexpr double bottom = 44;
constexpr double letter_width = 7;
constexpr double title_width = 18;

std::string Coordinate(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.1f", value);
  return text;
}

// From 0 to 1 along the axis.
double Place(const PlotAxis& axis, double value) {
  if (!axis.logarithmic) return (value - axis.min) / (axis.max - axis.min);
  return std::log(std::max(value, axis.min) / axis.min) / std::log(axis.max / axis.min);
}

class Drawing {
 public:
  Drawing(const Plot& plot, int width, int height) : plot_(plot), width_(width), height_(height) {
    std::size_t letters = 0;
    for (const PlotTick& tick : plot.y.ticks) {
      letters = std::max(letters, ColumnsOf(tick.label));
    }
    left_ = title_width + static_cast<double>(letters) * letter_width + 12;
  }

  std::string Draw() {
    absl::StrAppend(&svg_, "<svg viewBox=\"0 0 ", width_, " ", height_,
                    "\" role=\"img\" aria-label=\"", Escaped(plot_.title), "\">");
    DrawYAxis();
    DrawXAxis();
    for (const PlotLine& line : plot_.lines) DrawLine(line);
    return svg_ + "</svg>";
  }

 private:
  double X(double value) const { return left_ + Place(plot_.x, value) * (width_ - right - left_); }
  double Y(double value) const {
    return height_ - bottom -
           std::clamp(Place(plot_.y, value), 0.0, 1.0) * (height_ - bottom - top);
  }

  void Line(double x1, double y1, double x2, double y2, const char* style) {
    absl::StrAppend(&svg_, "<line class=\"", style, "\" x1=\"", Coordinate(x1), "\" y1=\"",
                    Coordinate(y1), "\" x2=\"", Coordinate(x2), "\" y2=\"", Coordinate(y2), "\"/>");
  }
  void Text(double x, double y, const char* anchor, const std::string& text,
            const std::string& more = "") {
    absl::StrAppend(&svg_, "<text x=\"", Coordinate(x), "\" y=\"", Coordinate(y),
                    "\" text-anchor=\"", anchor, "\"", more, ">", Escaped(text), "</text>");
  }

  void DrawYAxis() {
    for (const PlotTick& tick : plot_.y.ticks) {
      const double y = Y(tick.value);
      Line(left_, y, width_ - right, y, "grid");
      Text(left_ - 6, y + 4, "end", tick.label);
    }
    const double middle = top + (height_ - bottom - top) / 2;
    Text(12, middle, "middle", plot_.y.title,
         absl::StrCat(" transform=\"rotate(-90 12 ", Coordinate(middle), ")\""));
  }

  void DrawXAxis() {
    const double base = height_ - bottom;
    Line(left_, base, width_ - right, base, "axis");
    double free_from = 0;
    for (const PlotTick& tick : plot_.x.ticks) {
      const double half = static_cast<double>(ColumnsOf(tick.label)) * letter_width / 2;
      const double x = X(tick.value);
      // The last label does not hang over the edge.
      const double center = std::min(x, width_ - half - 1);
      if (center - half < free_from) continue;
      free_from = center + half + 10;
      Line(x, base, x, base + 5, "axis");
      Text(center, base + 18, "middle", tick.label);
    }
    Text(left_ + (width_ - right - left_) / 2, height_ - 6, "middle", plot_.x.title);
  }

  void DrawLine(const PlotLine& line) {
    std::string path;
    bool gap = true;
    std::size_t alone = 0;  // Points since the last gap.
    for (const auto& [x, y] : line.points) {
      if (!std::isfinite(y)) {
        gap = true;
        continue;
      }
      alone = gap ? 1 : alone + 1;
      absl::StrAppend(&path, gap ? "M" : "L", Coordinate(X(x)), " ", Coordinate(Y(y)));
      gap = false;
    }
    if (path.empty()) return;
    // A single point is no line: round ends make it a dot.
    if (alone == 1) path += "h0.1";
    absl::StrAppend(&svg_, "<path class=\"line ", line.style, "\" d=\"", path, "\"/>");
  }

  const Plot& plot_;
  const int width_;
  const int height_;
  double left_ = 0;
  std::string svg_;
};

}  // namespace

std::string Escaped(std::string_view text) {
  std::string escaped;
  for (const char c : TerminalLine(text)) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string PlotSvg(const Plot& plot, int width, int height) {
  return Drawing(plot, width, height).Draw();
}

}  // namespace provisioning
