// SPDX-License-Identifier: Apache-2.0
#include "tests/load/unit_text.h"

#include <cmath>
#include <cstdio>

#include "client/terminal/duration_text.h"

namespace provisioning {
namespace {

std::string Digits(double number, int decimals) {
  char text[64];
  std::snprintf(text, sizeof(text), "%.*f", decimals, number);
  return text;
}

// For a number from 0 to a few thousand.
std::string ThreeDigits(double number) {
  if (number < 9.995) return Digits(number, 2);
  return Digits(number, number < 99.95 ? 1 : 0);
}

}  // namespace

std::string LatencyText(absl::Duration latency) {
  const double seconds = absl::ToDoubleSeconds(latency);
  if (seconds < 0.9995e-3) return ThreeDigits(seconds * 1e6) + " us";
  if (seconds < 0.9995) return ThreeDigits(seconds * 1e3) + " ms";
  return seconds < 119.5 ? ThreeDigits(seconds) + " s" : ThreeDigits(seconds / 60) + " min";
}

std::string NumberText(double number) {
  return number < 999.5 ? ThreeDigits(number) : CountText(std::llround(number));
}

std::string PercentText(double fraction) {
  const double percent = fraction * 100;
  if (percent == 0 || percent == 100) return Digits(percent, 0) + " %";
  if (percent < 0.0001) return "under 0.0001 %";
  if (percent > 99.99 && percent < 100) return "over 99.99 %";
  if (percent < 0.1) return Digits(percent, 4) + " %";
  return Digits(percent, percent < 1 || percent > 99 ? 2 : 1) + " %";
}

std::string BytesText(double bytes) {
  if (bytes < 1048576) return ThreeDigits(bytes / 1024) + " KiB";
  if (bytes < 1073741824) return ThreeDigits(bytes / 1048576) + " MiB";
  return ThreeDigits(bytes / 1073741824) + " GiB";
}

}  // namespace provisioning
