// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"

namespace provisioning {

// Bytes that can be read at any place, as often as needed: the source of an
// import is read for the check, for the import, and for the rejects file.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Fills the front of `buffer` with what stands at `offset`, and returns how
  // many bytes; 0 only at the end. UNAVAILABLE: the file cannot be read.
  virtual absl::StatusOr<std::size_t> ReadAt(std::int64_t offset, std::span<char> buffer) const = 0;
  // DATA_LOSS: the bytes are not those that stood there when it was opened.
  virtual absl::Status CheckUnchanged() const { return absl::OkStatus(); }
};

// A file. What cannot be read twice (standard input, a pipe) is copied into an
// unlinked temporary file of mode 0600 first, so that a restart can read it
// again and nothing stays behind.
class FileByteSource final : public ByteSource {
 public:
  // "-": standard input. NOT_FOUND, PERMISSION_DENIED or UNAVAILABLE, with a
  // sentence for people.
  static absl::StatusOr<std::unique_ptr<FileByteSource>> Open(const std::string& path);
  ~FileByteSource() override;

  FileByteSource(const FileByteSource&) = delete;
  FileByteSource& operator=(const FileByteSource&) = delete;

  absl::StatusOr<std::size_t> ReadAt(std::int64_t offset, std::span<char> buffer) const override;
  // By its size and the time of its last change.
  absl::Status CheckUnchanged() const override;
  std::int64_t size() const { return opened_.st_size; }

 private:
  FileByteSource(std::string name, int descriptor, const struct stat& opened)
      : name_(std::move(name)), descriptor_(descriptor), opened_(opened) {}

  const std::string name_;
  const int descriptor_;
  const struct stat opened_;  // As it was then.
};

// The SHA-256 of everything in `source` and then of `suffix`, as 64 lower-case
// hexadecimal digits.
absl::StatusOr<std::string> Sha256Of(const ByteSource& source, std::string_view suffix = "");

}  // namespace provisioning
