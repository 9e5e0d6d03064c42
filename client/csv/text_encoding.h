// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace provisioning {

// How the bytes of a file stand for characters. Decodes into UTF-8 without
// remembering anything, so that reading can begin at any character; and what
// was decoded says how many bytes it came from, so that places in the file can
// be found again.
//
// What stands for no character comes out as bytes that are no UTF-8 either: a
// cell with them is refused by the shared rules, and its neighbours are not
// harmed.
class TextEncoding {
 public:
  struct Decoded {
    std::size_t bytes_taken;
    std::size_t bytes_written;
  };
  // Of UTF-8 that is written for one byte of a source at most.
  static constexpr std::size_t growth_max = 3;

  TextEncoding() = default;  // UTF-8.
  static TextEncoding Utf16(bool big_endian);
  // `name`: one of EncodingNames(), but for "utf-16", or an alias; letter case
  // does not matter. FAILED_PRECONDITION: there is no such encoding; the message
  // lists those that there are.
  static absl::StatusOr<TextEncoding> Named(std::string_view name);

  // For people: "UTF-8", "UTF-16", "windows-1252".
  const std::string& name() const { return name_; }
  bool is_utf8() const { return kind_ == Kind::kUtf8; }
  bool is_utf16() const { return kind_ == Kind::kUtf16; }
  bool big_endian() const { return big_endian_; }
  // What a file in it may begin with; empty: nothing.
  std::string_view byte_order_mark() const;

  // `utf8` has room for growth_max times the source. Leaves a character at the
  // end that is cut in two, unless `at_end`.
  Decoded Decode(std::string_view source, bool at_end, std::span<char> utf8) const;
  // How many bytes of the source became `utf8`, which begins with a character.
  std::size_t SourceBytes(std::string_view utf8) const;

 private:
  enum class Kind { kUtf8, kUtf16, kSingleByte };
  // Characters in UTF-8 by their byte; an undefined byte has "\xFF".
  using Table = std::array<std::string, 256>;

  static absl::StatusOr<std::shared_ptr<const Table>> MakeTable(const char* iconv_name);
  Decoded DecodeUtf16(std::string_view source, bool at_end, std::span<char> utf8) const;
  Decoded DecodeSingleBytes(std::string_view source, std::span<char> utf8) const;

  Kind kind_ = Kind::kUtf8;
  bool big_endian_ = false;
  std::string name_ = "UTF-8";
  std::shared_ptr<const Table> table_;
};

// What --encoding takes, for a message.
std::string EncodingNames();
// The name as EncodingNames() writes it: lower-case, aliases resolved. It may be
// no encoding's.
std::string CanonicalEncodingName(std::string_view name);

}  // namespace provisioning
