// SPDX-License-Identifier: Apache-2.0
#include "service/store/postgres/sql_value.h"

#include <limits>

#include "absl/time/civil_time.h"

namespace provisioning {
namespace {

constexpr std::int32_t null_size = -1;
// Days and microseconds are counted from here.
constexpr absl::CivilDay epoch_day(2000, 1, 1);
constexpr std::int64_t epoch_micros = 946'684'800'000'000;

void PutBytes(std::uint64_t value, int size, std::string& out) {
  for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(value >> shift & 0xff));
  }
}

void PutSize(std::int32_t size, std::string& out) {
  PutBytes(static_cast<std::uint32_t>(size), 4, out);
}

}  // namespace

unsigned ArrayTypeOf(SqlType type) {
  switch (type) {
    case SqlType::kBool:
      return 1000;
    case SqlType::kNumber:
      return 1016;
    case SqlType::kText:
      return 1009;
    case SqlType::kDate:
      return 1182;
    case SqlType::kTime:
      return 1185;
    case SqlType::kId:
      return 2951;
  }
  return 0;
}

void PutBool(bool value, std::string& out) {
  PutSize(1, out);
  out.push_back(value ? 1 : 0);
}

void PutNumber(std::int64_t value, std::string& out) {
  PutSize(8, out);
  PutBytes(static_cast<std::uint64_t>(value), 8, out);
}

void PutSmallNumber(std::int16_t value, std::string& out) {
  PutSize(2, out);
  PutBytes(static_cast<std::uint16_t>(value), 2, out);
}

void PutText(std::string_view text, std::string& out) {
  PutSize(static_cast<std::int32_t>(text.size()), out);
  out += text;
}

void PutDate(std::int32_t yyyymmdd, std::string& out) {
  if (yyyymmdd == 0) return PutNull(out);
  const absl::CivilDay day(yyyymmdd / 10'000, yyyymmdd / 100 % 100, yyyymmdd % 100);
  PutSize(4, out);
  PutBytes(static_cast<std::uint32_t>(day - epoch_day), 4, out);
}

void PutTime(absl::Time time, std::string& out) {
  if (time == absl::InfinitePast()) return PutNull(out);
  // Rounded down; the engine has an infinite time of its own, with this number.
  const std::int64_t micros = time == absl::InfiniteFuture()
                                  ? std::numeric_limits<std::int64_t>::max()
                                  : absl::ToUnixMicros(time) - epoch_micros;
  PutNumber(micros, out);
}

void PutId(const Uuid& id, std::string& out) {
  id.is_nil() ? PutNull(out) : PutText(id.bytes(), out);
}

void PutNull(std::string& out) { PutSize(null_size, out); }

std::int64_t NumberOf(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<std::uint8_t>(byte);
  const int unused = 64 - 8 * static_cast<int>(bytes.size());
  return static_cast<std::int64_t>(value << unused) >> unused;
}

std::int32_t DateOf(std::string_view bytes) {
  const absl::CivilDay day = epoch_day + NumberOf(bytes);
  return static_cast<std::int32_t>(day.year()) * 10'000 + day.month() * 100 + day.day();
}

absl::Time TimeOf(std::string_view bytes) {
  const std::int64_t micros = NumberOf(bytes);
  if (micros == std::numeric_limits<std::int64_t>::max()) return absl::InfiniteFuture();
  return absl::FromUnixMicros(micros + epoch_micros);
}

void SqlArray::PutTo(std::string& out) const {
  constexpr std::int32_t header_size = 20;
  PutSize(header_size + static_cast<std::int32_t>(elements_.size()), out);
  PutSize(1, out);  // Dimensions.
  PutSize(1, out);  // There may be NULLs.
  PutSize(static_cast<std::int32_t>(type_), out);
  PutSize(count_, out);
  PutSize(1, out);  // The first index.
  out += elements_;
}

SqlParams& SqlParams::Array(const SqlArray& array) {
  std::string& out = Next(array.type());
  types_.back() = ArrayTypeOf(array.type());
  array.PutTo(out);
  return *this;
}

std::string& SqlParams::Next(SqlType type) {
  types_.push_back(static_cast<unsigned>(type));
  offsets_.push_back(bytes_.size());
  return bytes_;
}

std::int32_t SqlParams::SizeAt(std::size_t offset) const {
  return static_cast<std::int32_t>(NumberOf(std::string_view(bytes_).substr(offset, 4)));
}

std::vector<const char*> SqlParams::values() const {
  std::vector<const char*> values;
  for (const std::size_t offset : offsets_) {
    values.push_back(SizeAt(offset) == null_size ? nullptr : bytes_.data() + offset + 4);
  }
  return values;
}

std::vector<int> SqlParams::sizes() const {
  std::vector<int> sizes;
  for (const std::size_t offset : offsets_) sizes.push_back(SizeAt(offset));
  return sizes;
}

}  // namespace provisioning
