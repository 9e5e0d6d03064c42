// SPDX-License-Identifier: Apache-2.0
#include "client/report/rejects_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

namespace provisioning {
namespace {

absl::Status AnotherFile(const std::string& path) {
  return absl::AlreadyExistsError(path +
                                  " exists already and is not overwritten. Move it away, or name "
                                  "another file with --rejects.");
}

// Writes a file, or finds that the file has these bytes already; what it has is
// never changed.
class RejectsWriter {
 public:
  RejectsWriter(const std::string& path, int descriptor, const ByteSource& bytes)
      : path_(path), descriptor_(descriptor), bytes_(bytes), buffer_(64 << 10) {}
  ~RejectsWriter() {
    explicit_bzero(buffer_.data(), buffer_.size());
    close(descriptor_);
  }

  absl::Status Copy(std::int64_t begin, std::int64_t end) {
    while (begin < end) {
      const auto wanted = std::min<std::int64_t>(end - begin, std::ssize(buffer_));
      const std::span<char> part(buffer_.data(), static_cast<std::size_t>(wanted));
      const auto count = bytes_.ReadAt(begin, part);
      if (!count.ok()) return count.status();
      if (*count == 0) return absl::UnavailableError("the source has become shorter meanwhile");
      if (absl::Status status = Write({buffer_.data(), *count}); !status.ok()) return status;
      begin += static_cast<std::int64_t>(*count);
    }
    return absl::OkStatus();
  }
  // ALREADY_EXISTS: there is more in it.
  absl::Status Finish() {
    char byte = 0;
    return read(descriptor_, &byte, 1) == 0 ? absl::OkStatus() : AnotherFile(path_);
  }

 private:
  absl::Status Write(std::span<const char> bytes) {
    std::vector<char> there(bytes.size());
    while (!bytes.empty()) {
      const ssize_t count = read(descriptor_, there.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return absl::UnavailableError(path_ + ": " + strerror(errno));
      if (count == 0) break;
      const auto known = bytes.first(static_cast<std::size_t>(count));
      if (!std::equal(known.begin(), known.end(), there.begin())) return AnotherFile(path_);
      bytes = bytes.subspan(known.size());
    }
    explicit_bzero(there.data(), there.size());
    while (!bytes.empty()) {
      const ssize_t written = write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return absl::UnavailableError(path_ + ": " + strerror(errno));
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return absl::OkStatus();
  }

  const std::string path_;
  const int descriptor_;
  const ByteSource& bytes_;
  std::vector<char> buffer_;
};

// Copies the record of row `row_number`, which stands behind the last one.
absl::Status CopyRow(std::int64_t row_number, RowSource& rows, RejectsWriter& writer,
                     RejectsWritten& written) {
  SourceRow row;
  do {
    const auto more = rows.Next(row);
    if (!more.ok()) return more.status();
    if (!*more || row.row.row_number > row_number) {
      return absl::UnavailableError("the source has no row " + std::to_string(row_number) +
                                    " any more");
    }
  } while (row.row.row_number < row_number);
  ++written.records;
  written.passwords =
      written.passwords || !row.row.initial_password.empty() || !row.row.password_hash.empty();
  return writer.Copy(row.begin, row.end);
}

}  // namespace

absl::StatusOr<RejectsWritten> WriteRejectsFile(const std::string& path, bool resume,
                                                const ByteSource& bytes, RowSource& rows,
                                                ResultsFile& results) {
  if (results.counts()[RowOutcome::kRejected] == 0) return RejectsWritten();
  const int exclusive = resume ? 0 : O_EXCL;
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | exclusive, 0600);
  if (descriptor < 0 && errno == EEXIST) return AnotherFile(path);
  if (descriptor < 0) return absl::UnavailableError(path + ": " + strerror(errno));
  RejectsWriter writer(path, descriptor, bytes);
  absl::Status status = rows.Rewind();
  if (status.ok()) status = writer.Copy(0, rows.header_end());
  const std::string rejected(RowOutcomeName(RowOutcome::kRejected));
  RejectsWritten written;
  const absl::Status read =
      results.ForEach([&](std::int64_t row_number, const std::string& outcome) {
        if (status.ok() && outcome == rejected) status = CopyRow(row_number, rows, writer, written);
      });
  if (!status.ok()) return status;
  if (!read.ok()) return read;
  if (absl::Status end = writer.Finish(); !end.ok()) return end;
  return written;
}

}  // namespace provisioning
