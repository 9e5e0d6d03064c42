// SPDX-License-Identifier: Apache-2.0
// Values on their way to the server, in PostgreSQL's binary format: no quoting,
// and no text that could be read in two ways.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "service/model/uuid.h"

namespace provisioning {

// By the object ids of pg_type, which never change.
enum class SqlType : unsigned {
  kBool = 16,
  kNumber = 20,  // bigint
  kText = 25,
  kDate = 1082,
  kTime = 1184,  // timestamp with time zone, in microseconds
  kId = 2950,    // uuid
};
// Of an array of them.
unsigned ArrayTypeOf(SqlType type);

// Appends to `out` the value's size and the value.
void PutBool(bool value, std::string& out);
void PutNumber(std::int64_t value, std::string& out);
void PutSmallNumber(std::int16_t value, std::string& out);  // smallint
void PutText(std::string_view text, std::string& out);
void PutDate(std::int32_t yyyymmdd, std::string& out);  // 0 is NULL.
void PutTime(absl::Time time, std::string& out);        // InfinitePast is NULL.
void PutId(const Uuid& id, std::string& out);           // Nil is NULL.
void PutNull(std::string& out);

// The other way.
std::int64_t NumberOf(std::string_view bytes);  // Of a whole number of 2, 4 or 8 bytes.
std::int32_t DateOf(std::string_view bytes);    // YYYYMMDD.
absl::Time TimeOf(std::string_view bytes);

// An array, element by element.
class SqlArray {
 public:
  explicit SqlArray(SqlType type) : type_(type) {}

  SqlArray& Bool(bool value) { return PutBool(value, elements_), Counted(); }
  SqlArray& Number(std::int64_t value) { return PutNumber(value, elements_), Counted(); }
  SqlArray& Text(std::string_view text) { return PutText(text, elements_), Counted(); }
  SqlArray& Date(std::int32_t yyyymmdd) { return PutDate(yyyymmdd, elements_), Counted(); }
  SqlArray& Time(absl::Time time) { return PutTime(time, elements_), Counted(); }
  SqlArray& Id(const Uuid& id) { return PutId(id, elements_), Counted(); }
  SqlArray& Null() { return PutNull(elements_), Counted(); }

  SqlType type() const { return type_; }
  std::int32_t count() const { return count_; }
  // Its size and itself, as the Put functions do.
  void PutTo(std::string& out) const;

 private:
  SqlArray& Counted() {
    ++count_;
    return *this;
  }

  SqlType type_;
  std::int32_t count_ = 0;
  std::string elements_;
};

// The parameters $1, $2 ... of a statement, in this order.
class SqlParams {
 public:
  SqlParams& Bool(bool value) { return PutBool(value, Next(SqlType::kBool)), *this; }
  SqlParams& Number(std::int64_t value) { return PutNumber(value, Next(SqlType::kNumber)), *this; }
  SqlParams& Text(std::string_view text) { return PutText(text, Next(SqlType::kText)), *this; }
  SqlParams& Date(std::int32_t yyyymmdd) { return PutDate(yyyymmdd, Next(SqlType::kDate)), *this; }
  SqlParams& Time(absl::Time time) { return PutTime(time, Next(SqlType::kTime)), *this; }
  SqlParams& Id(const Uuid& id) { return PutId(id, Next(SqlType::kId)), *this; }
  SqlParams& Null(SqlType type) { return PutNull(Next(type)), *this; }
  SqlParams& Array(const SqlArray& array);

  int count() const { return static_cast<int>(types_.size()); }
  const unsigned* types() const { return types_.data(); }
  // As libpq takes them; valid until the next change.
  std::vector<const char*> values() const;
  std::vector<int> sizes() const;

 private:
  std::string& Next(SqlType type);
  std::int32_t SizeAt(std::size_t offset) const;

  std::vector<unsigned> types_;
  std::vector<std::size_t> offsets_;  // Where in bytes_ each begins.
  std::string bytes_;
};

}  // namespace provisioning
