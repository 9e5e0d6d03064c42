// SPDX-License-Identifier: Apache-2.0
#include "tests/support/postgres_message.h"

#include <sys/socket.h>

#include <initializer_list>

namespace provisioning {
namespace {

std::string NumberBytes(std::size_t number, int size) {
  std::string bytes;
  for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<char>((number >> shift) & 0xff));
  }
  return bytes;
}

std::string Message(char type, const std::string& content) {
  return type + NumberBytes(content.size() + 4, 4) + content;
}

std::string Text(std::string_view text) { return std::string(text) + '\0'; }

}  // namespace

std::optional<std::string> PostgresReader::ReadStart() { return ReadUnit(0); }

std::optional<PostgresMessage> PostgresReader::Read() {
  std::optional<std::string> bytes = ReadUnit(1);
  if (!bytes) return std::nullopt;
  return PostgresMessage{.bytes = *std::move(bytes)};
}

std::optional<std::string> PostgresReader::ReadUnit(std::size_t header) {
  if (!Fill(header + 4)) return std::nullopt;
  const std::size_t size = header + NumberAt(buffer_, header);
  if (size < header + 4 || !Fill(size)) return std::nullopt;
  std::string unit = buffer_.substr(0, size);
  buffer_.erase(0, size);
  return unit;
}

bool PostgresReader::Fill(std::size_t size) {
  char bytes[16 << 10];
  while (buffer_.size() < size) {
    const ssize_t count = recv(descriptor_, bytes, sizeof(bytes), 0);
    if (count <= 0) return false;
    buffer_.append(bytes, static_cast<std::size_t>(count));
  }
  return true;
}

std::uint32_t NumberAt(std::string_view bytes, std::size_t position) {
  std::uint32_t number = 0;
  for (const char byte : bytes.substr(position, 4)) {
    number = number << 8 | static_cast<unsigned char>(byte);
  }
  return number;
}

std::string QueryMessage(std::string_view sql) { return Message(frontend::query, Text(sql)); }

std::string ExtendedMessages(std::string_view sql) {
  const std::string none = NumberBytes(0, 2);
  return Message(frontend::parse, Text("") + Text(sql) + none) +
         Message(frontend::bind, Text("") + Text("") + none + none + none) +
         Message(frontend::execute, Text("") + NumberBytes(0, 4));
}

}  // namespace provisioning
