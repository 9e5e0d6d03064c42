// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace provisioning {

// A message of PostgreSQL's protocol, version 3, in either direction.
struct PostgresMessage {
  std::string bytes;  // As on the wire: type, length, content.

  char type() const { return bytes[0]; }
  std::string_view content() const { return std::string_view(bytes).substr(5); }
};

// Types, by their names in the protocol's documentation.
namespace frontend {
inline constexpr char query = 'Q';
inline constexpr char function_call = 'F';
inline constexpr char parse = 'P';
inline constexpr char bind = 'B';
inline constexpr char describe = 'D';
inline constexpr char execute = 'E';
inline constexpr char close = 'C';
inline constexpr char flush = 'H';
inline constexpr char sync = 'S';
}  // namespace frontend
inline constexpr char ready_for_query = 'Z';

// The codes of what comes in place of a start of a session.
inline constexpr std::uint32_t cancel_request = 80877102;
inline constexpr std::uint32_t ssl_request = 80877103;
inline constexpr std::uint32_t gss_request = 80877104;

// Reads messages off a socket. One thread.
class PostgresReader {
 public:
  explicit PostgresReader(int descriptor) : descriptor_(descriptor) {}

  // The first message of a client, which has no type. Nothing, here and below:
  // the connection ended.
  std::optional<std::string> ReadStart();
  std::optional<PostgresMessage> Read();

 private:
  // `header` bytes and a length, which counts itself.
  std::optional<std::string> ReadUnit(std::size_t header);
  bool Fill(std::size_t size);

  const int descriptor_;
  std::string buffer_;
};

// The number at this position, most significant byte first.
std::uint32_t NumberAt(std::string_view bytes, std::size_t position);
// A simple query, and the same as Parse, Bind and Execute without names.
std::string QueryMessage(std::string_view sql);
std::string ExtendedMessages(std::string_view sql);

}  // namespace provisioning
