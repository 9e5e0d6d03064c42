// SPDX-License-Identifier: Apache-2.0
// HTTP/2 as bytes, for who wants to send it wrongly: RFC 9113 (frames) and RFC 7541
// (headers).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace provisioning {

enum class FrameType : std::uint8_t {
  kData = 0,
  kHeaders = 1,
  kResetStream = 3,
  kSettings = 4,
  kPing = 6,
  kGoAway = 7,
  kWindowUpdate = 8,
  kContinuation = 9,
};

inline constexpr std::uint8_t flag_ack = 1;
inline constexpr std::uint8_t flag_end_headers = 4;
inline constexpr std::size_t frame_bytes_max = 16'384;
inline constexpr std::size_t frame_header_bytes = 9;

// What a client opens a connection with, before its SETTINGS.
inline constexpr std::string_view connection_preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

// `payload` may be longer than a frame may be.
std::string Frame(FrameType type, std::uint8_t flags, std::uint32_t stream,
                  std::string_view payload);
std::string BigEndian32(std::uint32_t value);
// The preface and empty SETTINGS.
std::string Opening();

// An integer behind `prefix_bits` of a byte whose other bits are `first`.
std::string HpackInteger(std::uint8_t first, int prefix_bits, std::uint64_t value);
// A string as it is, without Huffman coding.
std::string HpackString(std::string_view text);
// A header that no table keeps.
std::string HpackHeader(std::string_view name, std::string_view value);
// A header that is kept in the peer's table, where its index then is 62.
std::string HpackKeptHeader(std::string_view name, std::string_view value);
// The headers of a call of `method`, a path.
std::string CallHeaders(std::string_view method);

}  // namespace provisioning
