// SPDX-License-Identifier: Apache-2.0
#include "service/rules/code_points.h"

#include <string.h>
#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "service/rules/utf8.h"

namespace provisioning {
namespace {

// No character has a longer canonical decomposition.
constexpr std::size_t decomposition_max = 4;

static_assert(sizeof(char32_t) == sizeof(utf8proc_int32_t));

int CombiningClass(char32_t code_point) {
  return utf8proc_get_property(static_cast<utf8proc_int32_t>(code_point))->combining_class;
}

// A text of such characters alone is in Normalization Form C: below U+0300 none
// combines with another one of them, and no ideograph of the two large blocks is
// part of any composition.
bool IsInert(char32_t point) { return point < 0x300 || (point >= 0x3400 && point <= 0x9FFF); }

bool HasLowerClass(char32_t a, char32_t b) { return CombiningClass(a) < CombiningClass(b); }

// Stable; needs as much room in `scratch` as the run has.
void CountingSort(std::span<char32_t> run, char32_t* scratch) {
  std::array<std::size_t, 256> next{};
  for (const char32_t point : run) ++next[CombiningClass(point)];
  std::exclusive_scan(next.begin(), next.end(), next.begin(), std::size_t{0});
  for (const char32_t point : run) scratch[next[CombiningClass(point)]++] = point;
  std::copy_n(scratch, run.size(), run.begin());
}

}  // namespace

// A character of two bytes or more has at most two code points for each byte,
// so the upper half of the memory is free for sorting.
CodePoints::CodePoints(std::string_view utf8)
    : capacity_(decomposition_max * utf8.size()),
      points_(std::make_unique_for_overwrite<char32_t[]>(capacity_)) {
  if (ReadInert(utf8)) return;
  Decompose(utf8);
  SortMarks();
  Compose();
}

CodePoints::~CodePoints() { explicit_bzero(points_.get(), capacity_ * sizeof(char32_t)); }

// Most names need no more. False, and nothing read: there is more to be done.
bool CodePoints::ReadInert(std::string_view utf8) {
  while (!utf8.empty()) {
    points_[size_] = TakeCodePoint(utf8);
    if (!IsInert(points_[size_++])) {
      size_ = 0;
      return false;
    }
  }
  return true;
}

void CodePoints::Decompose(std::string_view utf8) {
  while (!utf8.empty()) {
    const auto code_point = static_cast<utf8proc_int32_t>(TakeCodePoint(utf8));
    utf8proc_int32_t parts[decomposition_max];
    int boundary = 0;
    const auto count = utf8proc_decompose_char(code_point, parts, decomposition_max,
                                               UTF8PROC_DECOMPOSE, &boundary);
    for (int i = 0; i < count; ++i) points_[size_++] = static_cast<char32_t>(parts[i]);
    explicit_bzero(parts, sizeof(parts));
  }
}

// The library's own ordering takes the square of a run's length.
void CodePoints::SortMarks() {
  char32_t* const end = points_.get() + size_;
  const auto is_mark = [](char32_t point) { return CombiningClass(point) != 0; };
  for (char32_t* run = std::find_if(points_.get(), end, is_mark); run != end;) {
    char32_t* const run_end = std::find_if_not(run, end, is_mark);
    if (!std::is_sorted(run, run_end, HasLowerClass)) CountingSort({run, run_end}, end);
    run = std::find_if(run_end, end, is_mark);
  }
}

void CodePoints::Compose() {
  const auto size = utf8proc_normalize_utf32(
      reinterpret_cast<utf8proc_int32_t*>(points_.get()), static_cast<utf8proc_ssize_t>(size_),
      static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  size_ = static_cast<std::size_t>(size);
}

std::string CodePoints::ToUtf8() const {
  std::string utf8;
  utf8.reserve(size_ * 4);
  for (const char32_t point : span()) AppendCodePoint(point, utf8);
  return utf8;
}

SecretString CodePoints::ToSecretUtf8() const {
  std::string utf8 = ToUtf8();
  return SecretString::TakeFrom(utf8);
}

}  // namespace provisioning
