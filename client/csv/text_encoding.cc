// SPDX-License-Identifier: Apache-2.0
#include "client/csv/text_encoding.h"

#include <iconv.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <utility>

namespace provisioning {
namespace {

constexpr char no_character = '\xFF';

// What spreadsheets and their neighbours write in one byte per character. The
// library knows them under the same names.
constexpr std::string_view single_byte_names[] = {
    "windows-1250", "windows-1251", "windows-1252", "windows-1253", "windows-1254", "windows-1255",
    "windows-1256", "windows-1257", "windows-1258", "iso-8859-1",   "iso-8859-2",   "iso-8859-4",
    "iso-8859-5",   "iso-8859-7",   "iso-8859-8",   "iso-8859-9",   "iso-8859-13",  "iso-8859-15",
    "iso-8859-16",  "macintosh",    "ibm437",       "ibm850",       "ibm852",       "ibm866",
    "koi8-r",       "koi8-u",
};

constexpr std::pair<std::string_view, std::string_view> aliases[] = {
    {"utf8", "utf-8"},         {"utf16", "utf-16"},        {"utf-16-le", "utf-16le"},
    {"utf16le", "utf-16le"},   {"utf-16-be", "utf-16be"},  {"utf16be", "utf-16be"},
    {"latin1", "iso-8859-1"},  {"latin-1", "iso-8859-1"},  {"latin2", "iso-8859-2"},
    {"latin-2", "iso-8859-2"}, {"latin9", "iso-8859-15"},  {"latin-9", "iso-8859-15"},
    {"macroman", "macintosh"}, {"mac-roman", "macintosh"}, {"x-mac-roman", "macintosh"},
    {"cp437", "ibm437"},       {"cp850", "ibm850"},        {"cp852", "ibm852"},
    {"cp866", "ibm866"},
};

bool IsContinuation(unsigned char byte) { return (byte & 0xC0) == 0x80; }
bool IsHighSurrogate(std::uint32_t unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
bool IsLowSurrogate(std::uint32_t unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

// A surrogate comes out in its own three bytes, which are no UTF-8.
std::size_t Encode(std::uint32_t point, char* out) {
  if (point < 0x80) {
    out[0] = static_cast<char>(point);
    return 1;
  }
  const std::size_t length = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  for (std::size_t i = length - 1; i > 0; --i, point >>= 6) {
    out[i] = static_cast<char>(0x80 | (point & 0x3F));
  }
  constexpr unsigned char leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
  out[0] = static_cast<char>(leads[length] | point);
  return length;
}

}  // namespace

TextEncoding TextEncoding::Utf16(bool big_endian) {
  TextEncoding encoding;
  encoding.kind_ = Kind::kUtf16;
  encoding.big_endian_ = big_endian;
  encoding.name_ = "UTF-16";
  return encoding;
}

absl::StatusOr<TextEncoding> TextEncoding::Named(std::string_view name) {
  const std::string canonical = CanonicalEncodingName(name);
  if (canonical == "utf-8") return TextEncoding();
  if (canonical == "utf-16le") return Utf16(false);
  if (canonical == "utf-16be") return Utf16(true);
  if (std::ranges::find(single_byte_names, canonical) == std::end(single_byte_names)) {
    return absl::FailedPreconditionError("there is no encoding \"" + std::string(name) +
                                         "\" here; there are " + EncodingNames() +
                                         ". Or save the file as CSV UTF-8.");
  }
  auto table = MakeTable(canonical.c_str());
  if (!table.ok()) return table.status();
  TextEncoding encoding;
  encoding.kind_ = Kind::kSingleByte;
  encoding.name_ = canonical;
  encoding.table_ = *std::move(table);
  return encoding;
}

absl::StatusOr<std::shared_ptr<const TextEncoding::Table>> TextEncoding::MakeTable(
    const char* iconv_name) {
  const iconv_t converter = iconv_open("UTF-8", iconv_name);
  if (converter == reinterpret_cast<iconv_t>(-1)) {
    return absl::FailedPreconditionError("this machine's C library does not know the encoding " +
                                         std::string(iconv_name) + ": save the file as CSV UTF-8.");
  }
  auto table = std::make_shared<Table>();
  for (std::size_t byte = 0; byte < table->size(); ++byte) {
    char source = static_cast<char>(byte);
    char character[8];
    char* in = &source;
    char* out = character;
    std::size_t in_left = 1;
    std::size_t out_left = sizeof(character);
    iconv(converter, nullptr, nullptr, nullptr, nullptr);
    bool defined = iconv(converter, &in, &in_left, &out, &out_left) != static_cast<std::size_t>(-1);
    // Some keep a letter back, for an accent that may follow it.
    defined = defined && iconv(converter, nullptr, nullptr, &out, &out_left) == 0;
    const auto length = static_cast<std::size_t>(out - character);
    const bool fits = defined && length > 0 && length <= growth_max;
    (*table)[byte] = fits ? std::string(character, length) : std::string(1, no_character);
  }
  iconv_close(converter);
  return table;
}

std::string_view TextEncoding::byte_order_mark() const {
  if (kind_ == Kind::kUtf8) return "\xEF\xBB\xBF";
  if (kind_ == Kind::kUtf16) return big_endian_ ? "\xFE\xFF" : "\xFF\xFE";
  return "";
}

TextEncoding::Decoded TextEncoding::Decode(std::string_view source, bool at_end,
                                           std::span<char> utf8) const {
  if (kind_ == Kind::kUtf16) return DecodeUtf16(source, at_end, utf8);
  if (kind_ == Kind::kSingleByte) return DecodeSingleBytes(source, utf8);
  std::ranges::copy(source, utf8.begin());
  return {source.size(), source.size()};
}

TextEncoding::Decoded TextEncoding::DecodeUtf16(std::string_view source, bool at_end,
                                                std::span<char> utf8) const {
  const auto unit_at = [&](std::size_t place) {
    const auto first = static_cast<unsigned char>(source[place]);
    const auto second = static_cast<unsigned char>(source[place + 1]);
    return static_cast<std::uint32_t>(big_endian_ ? first << 8 | second : second << 8 | first);
  };
  std::size_t taken = 0;
  std::size_t written = 0;
  while (taken + 2 <= source.size()) {
    std::uint32_t point = unit_at(taken);
    std::size_t length = 2;
    if (IsHighSurrogate(point)) {
      if (taken + 4 > source.size() && !at_end) break;
      const std::uint32_t next = taken + 4 <= source.size() ? unit_at(taken + 2) : 0;
      if (IsLowSurrogate(next)) {
        point = 0x10000 + ((point - 0xD800) << 10) + (next - 0xDC00);
        length = 4;
      }
    }
    written += Encode(point, &utf8[written]);
    taken += length;
  }
  if (at_end && taken + 1 == source.size()) {
    utf8[written++] = no_character;
    ++taken;
  }
  return {taken, written};
}

TextEncoding::Decoded TextEncoding::DecodeSingleBytes(std::string_view source,
                                                      std::span<char> utf8) const {
  auto out = utf8.begin();
  for (const char byte : source) {
    const std::string& character = (*table_)[static_cast<unsigned char>(byte)];
    out = std::ranges::copy(character, out).out;
  }
  return {source.size(), static_cast<std::size_t>(out - utf8.begin())};
}

std::size_t TextEncoding::SourceBytes(std::string_view utf8) const {
  if (kind_ == Kind::kUtf8) return utf8.size();
  const auto characters = static_cast<std::size_t>(std::ranges::count_if(
      utf8, [](char c) { return !IsContinuation(static_cast<unsigned char>(c)); }));
  if (kind_ == Kind::kSingleByte) return characters;
  // A pair of surrogates became four bytes; half a unit at the end of the file
  // became no_character.
  const auto pairs = static_cast<std::size_t>(std::ranges::count_if(utf8, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0xF0 && byte <= 0xF4;
  }));
  const auto halves = static_cast<std::size_t>(std::ranges::count(utf8, no_character));
  return 2 * (characters + pairs) - halves;
}

std::string EncodingNames() {
  std::string names = "utf-8, utf-16, utf-16le, utf-16be";
  for (const std::string_view name : single_byte_names) names += ", " + std::string(name);
  return names;
}

std::string CanonicalEncodingName(std::string_view name) {
  std::string canonical(name);
  std::ranges::transform(canonical, canonical.begin(), [](unsigned char c) {
    return c == '_' ? '-' : static_cast<char>(std::tolower(c));
  });
  for (const auto& [alias, meant] : aliases) {
    if (canonical == alias) return std::string(meant);
  }
  if (canonical.starts_with("cp125")) return "windows-" + canonical.substr(2);
  if (canonical.starts_with("windows125")) return "windows-" + canonical.substr(7);
  if (canonical.starts_with("iso8859-")) return "iso-8859-" + canonical.substr(8);
  return canonical;
}

}  // namespace provisioning
