// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace provisioning {

// Writes one JSON text, a value after the other: members of an object are named
// by Key first, commas come by themselves. Text is made valid UTF-8 without
// control characters.
class JsonWriter {
 public:
  JsonWriter& BeginObject();
  JsonWriter& EndObject();
  JsonWriter& BeginArray();
  JsonWriter& EndArray();
  JsonWriter& Key(std::string_view name);
  JsonWriter& Text(std::string_view text);
  JsonWriter& Integer(std::int64_t number);
  // Six digits that count; null for what is no number.
  JsonWriter& Number(double number);
  JsonWriter& Bool(bool value);

  JsonWriter& Member(std::string_view name, std::int64_t number) {
    return Key(name).Integer(number);
  }
  const std::string& text() const { return text_; }

 private:
  void Separate();

  std::string text_;
  bool first_ = true;  // Of the object or array that is open.
};

}  // namespace provisioning
