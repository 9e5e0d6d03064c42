// SPDX-License-Identifier: Apache-2.0
#include "tests/hostile/http2_frames.h"

namespace provisioning {
namespace {

// Indexes of the static table, RFC 7541, appendix A.
constexpr int index_authority = 1;
constexpr char method_post = static_cast<char>(0x83);
constexpr char scheme_http = static_cast<char>(0x86);
constexpr int index_path = 4;
constexpr int index_content_type = 31;
// Literal header fields: without indexing, with indexing (RFC 7541, 6.2).
constexpr std::uint8_t not_kept = 0x00;
constexpr std::uint8_t kept = 0x40;

char Byte(std::uint64_t value) { return static_cast<char>(value & 0xFF); }

}  // namespace

std::string BigEndian32(std::uint32_t value) {
  return {Byte(value >> 24), Byte(value >> 16), Byte(value >> 8), Byte(value)};
}

std::string Frame(FrameType type, std::uint8_t flags, std::uint32_t stream,
                  std::string_view payload) {
  std::string frame = {Byte(payload.size() >> 16), Byte(payload.size() >> 8), Byte(payload.size()),
                       Byte(static_cast<std::uint8_t>(type)), Byte(flags)};
  frame += BigEndian32(stream);
  frame += payload;
  return frame;
}

std::string Opening() {
  return std::string(connection_preface) + Frame(FrameType::kSettings, 0, 0, "");
}

std::string HpackInteger(std::uint8_t first, int prefix_bits, std::uint64_t value) {
  const std::uint64_t most = (1U << prefix_bits) - 1;
  if (value < most) return {Byte(first | value)};
  std::string bytes = {Byte(first | most)};
  for (value -= most; value >= 128; value >>= 7) bytes.push_back(Byte((value & 127) | 128));
  bytes.push_back(Byte(value));
  return bytes;
}

std::string HpackString(std::string_view text) {
  return HpackInteger(0, 7, text.size()).append(text);
}

std::string HpackHeader(std::string_view name, std::string_view value) {
  return std::string(1, Byte(not_kept)) + HpackString(name) + HpackString(value);
}

std::string HpackKeptHeader(std::string_view name, std::string_view value) {
  return std::string(1, Byte(kept)) + HpackString(name) + HpackString(value);
}

std::string CallHeaders(std::string_view method) {
  return std::string{method_post, scheme_http} + HpackInteger(not_kept, 4, index_path) +
         HpackString(method) + HpackInteger(not_kept, 4, index_authority) +
         HpackString("localhost") + HpackInteger(not_kept, 4, index_content_type) +
         HpackString("application/grpc") + HpackHeader("te", "trailers");
}

}  // namespace provisioning
