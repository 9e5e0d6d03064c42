// SPDX-License-Identifier: Apache-2.0
#include "client/passwords/password_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <array>

#include "absl/strings/str_join.h"
#include "service/rules/utf8.h"

namespace provisioning {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
// Some passwords of the largest size.
constexpr std::size_t file_bytes_max = 16 << 10;

// Wiped when it goes, whatever became of its bytes.
struct FileBytes {
  std::array<char, file_bytes_max + 1> bytes;
  std::size_t size = 0;

  ~FileBytes() { explicit_bzero(bytes.data(), bytes.size()); }
};

std::string Lines(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " line" : " lines");
}

// -1: see errno.
int Open(const std::string& path) {
  return path == "-" ? dup(STDIN_FILENO) : open(path.c_str(), O_RDONLY | O_CLOEXEC);
}

absl::Status Read(const std::string& path, FileBytes& file) {
  const int descriptor = Open(path);
  if (descriptor < 0) return absl::UnavailableError(strerror(errno));
  absl::Status status;
  while (file.size < file.bytes.size()) {
    const ssize_t count =
        read(descriptor, file.bytes.data() + file.size, file.bytes.size() - file.size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) status = absl::UnavailableError(strerror(errno));
    if (count <= 0) break;
    file.size += static_cast<std::size_t>(count);
  }
  close(descriptor);
  if (file.size > file_bytes_max) return absl::InvalidArgumentError("it is too large");
  return status;
}

}  // namespace

absl::StatusOr<std::vector<SecretString>> ParsePasswords(std::string_view bytes,
                                                         std::span<const std::string> names) {
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
    return absl::InvalidArgumentError("it is in UTF-16: save it in UTF-8");
  }
  if (bytes.starts_with(byte_order_mark)) bytes.remove_prefix(byte_order_mark.size());
  std::vector<std::string_view> lines;
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    std::string_view line = bytes.substr(0, end);
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
  }
  if (lines.size() != names.size()) {
    return absl::InvalidArgumentError("it has " + Lines(lines.size()) + " and should have " +
                                      Lines(names.size()) + ": " + absl::StrJoin(names, ", then "));
  }
  std::vector<SecretString> passwords;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string what = "line " + std::to_string(i + 1) + " (" + names[i] + ") ";
    if (lines[i].empty()) return absl::InvalidArgumentError(what + "is empty");
    if (!IsUtf8(lines[i])) {
      return absl::InvalidArgumentError(what + "is not in UTF-8: save the file in that encoding");
    }
    passwords.emplace_back(lines[i]);
  }
  return passwords;
}

absl::StatusOr<std::vector<SecretString>> ReadPasswordsFile(const std::string& path,
                                                            std::span<const std::string> names) {
  FileBytes file;
  const std::string name = path == "-" ? "standard input" : path;
  absl::Status status = Read(path, file);
  if (status.ok()) {
    auto passwords = ParsePasswords({file.bytes.data(), file.size}, names);
    if (passwords.ok()) return passwords;
    status = passwords.status();
  }
  return absl::Status(status.code(), name + ": " + std::string(status.message()));
}

}  // namespace provisioning
