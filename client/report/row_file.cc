// SPDX-License-Identifier: Apache-2.0
#include "client/report/row_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include "client/csv/byte_source.h"
#include "client/csv/csv_reader.h"
#include "client/report/cell_text.h"
#include "service/model/secret_string.h"

namespace provisioning {
namespace {

constexpr std::size_t buffer_bytes_max = 64 << 10;
// A cell of ours holds at most a cell of the source, some of them together.
constexpr CsvReader::Options own_file_options = {
    .cell_bytes_max = 4 << 20, .record_bytes_max = 16 << 20, .resume_after_open_quote = false};

class DescriptorSource final : public ByteSource {
 public:
  explicit DescriptorSource(int descriptor) : descriptor_(descriptor) {}

  absl::StatusOr<std::size_t> ReadAt(std::int64_t offset, std::span<char> buffer) const override {
    while (true) {
      const ssize_t count = pread(descriptor_, buffer.data(), buffer.size(), offset);
      if (count >= 0) return static_cast<std::size_t>(count);
      if (errno != EINTR) return absl::UnavailableError(strerror(errno));
    }
  }

 private:
  const int descriptor_;
};

absl::Status NoSuchFile(const std::string& path, std::int64_t line) {
  return absl::InvalidArgumentError(path + ", line " + std::to_string(line) +
                                    ": this is not as `provision import` wrote it");
}

bool IsHeader(const CsvRecord& record, std::span<const std::string_view> columns) {
  return record.terminated && !record.problem && std::ranges::equal(record.cells, columns);
}

std::int64_t RowNumber(const CsvRecord& record) {
  const std::string& cell = record.cells.front();
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
  return error == std::errc() && end == cell.data() + cell.size() ? number : 0;
}

// Shows the complete records behind the header to `visitor` until it says no,
// and returns the offset behind the last one shown.
absl::StatusOr<std::int64_t> Walk(
    const ByteSource& source, const std::string& path, std::int64_t header_end,
    const CsvDialect& dialect, const std::function<bool(std::int64_t, const CsvRecord&)>& visit) {
  CsvReader reader(source, dialect, own_file_options);
  CsvRecord record;
  std::int64_t end = header_end;
  std::int64_t previous = 0;
  while (true) {
    const auto more = reader.Next(record);
    if (!more.ok()) return more.status();
    if (!*more || !record.terminated) return end;
    if (record.end <= header_end) continue;
    const std::int64_t number = RowNumber(record);
    if (record.problem || number < 1 || number < previous) return NoSuchFile(path, record.line);
    if (!visit(number, record)) return end;
    previous = number;
    end = record.end;
  }
}

absl::StatusOr<std::int64_t> HeaderEnd(const ByteSource& source, const CsvDialect& dialect) {
  CsvReader reader(source, dialect, own_file_options);
  CsvRecord record;
  const auto more = reader.Next(record);
  if (!more.ok()) return more.status();
  return *more ? record.end : 0;
}

}  // namespace

absl::StatusOr<std::unique_ptr<RowFile>> RowFile::Create(
    const std::string& path, const CsvDialect& dialect, std::span<const std::string_view> columns) {
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    const std::string message = path + ": " + strerror(errno);
    if (errno == EEXIST) return absl::AlreadyExistsError(message);
    return absl::UnavailableError(message);
  }
  std::unique_ptr<RowFile> file(new RowFile(path, descriptor, dialect.delimiter));
  if (dialect.byte_order_mark) file->buffer_ = "\xEF\xBB\xBF";
  const std::vector<std::string> header(columns.begin(), columns.end());
  if (absl::Status status = file->Append(header); !status.ok()) return status;
  if (absl::Status status = file->Flush(); !status.ok()) return status;
  return file;
}

absl::StatusOr<std::unique_ptr<RowFile>> RowFile::Reopen(const std::string& path,
                                                         std::span<const std::string_view> columns,
                                                         const Visitor& visitor) {
  const int descriptor = open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (descriptor < 0) {
    const std::string message = path + ": " + strerror(errno);
    if (errno == ENOENT) return absl::NotFoundError(message);
    return absl::UnavailableError(message);
  }
  std::unique_ptr<RowFile> undecided(new RowFile(path, descriptor, ','));
  const DescriptorSource source(descriptor);
  const auto dialect = DetectDialect(source);
  if (!dialect.ok()) return NoSuchFile(path, 1);
  CsvReader reader(source, *dialect, own_file_options);
  CsvRecord header;
  const auto more = reader.Next(header);
  if (!more.ok()) return more.status();
  if (!*more || !IsHeader(header, columns)) return NoSuchFile(path, 1);
  std::unique_ptr<RowFile> file(new RowFile(path, dup(descriptor), dialect->delimiter));
  const absl::Status status =
      file->DropAfter(std::numeric_limits<std::int64_t>::max(), visitor, nullptr);
  if (!status.ok()) return status;
  return file;
}

RowFile::~RowFile() {
  (void)Flush();
  WipeString(buffer_);
  close(descriptor_);
}

absl::Status RowFile::Failure(int error) const {
  return absl::UnavailableError(path_ + ": " + strerror(error));
}

absl::Status RowFile::Append(std::span<const std::string> cells) {
  // Room at once: a buffer that grows leaves copies of passwords behind.
  buffer_.reserve(2 * buffer_bytes_max);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) buffer_ += delimiter_;
    buffer_ += CsvCell(cells[i], delimiter_);
  }
  buffer_ += '\n';
  if (buffer_.size() < buffer_bytes_max) return absl::OkStatus();
  return Flush();
}

absl::Status RowFile::Flush() {
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    const ssize_t written = write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const int error = errno;
      buffer_.erase(0, buffer_.size() - rest.size());
      return Failure(error);
    }
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  explicit_bzero(buffer_.data(), buffer_.size());
  buffer_.clear();
  return absl::OkStatus();
}

absl::Status RowFile::Sync() {
  if (absl::Status status = Flush(); !status.ok()) return status;
  // A pipe or a device has nothing to wait for.
  if (fdatasync(descriptor_) != 0 && errno != EINVAL && errno != EROFS) return Failure(errno);
  return absl::OkStatus();
}

absl::Status RowFile::CutAt(std::int64_t offset) {
  if (ftruncate(descriptor_, offset) != 0) return Failure(errno);
  if (lseek(descriptor_, offset, SEEK_SET) < 0) return Failure(errno);
  return absl::OkStatus();
}

absl::Status RowFile::DropAfter(std::int64_t row_number, const Visitor& kept,
                                const Visitor& dropped) {
  if (absl::Status status = Flush(); !status.ok()) return status;
  const DescriptorSource source(descriptor_);
  const auto dialect = DetectDialect(source);
  if (!dialect.ok()) return dialect.status();
  const auto header_end = HeaderEnd(source, *dialect);
  if (!header_end.ok()) return header_end.status();
  std::int64_t cut = *header_end;
  const auto end =
      Walk(source, path_, *header_end, *dialect, [&](std::int64_t number, const CsvRecord& record) {
        if (number <= row_number) cut = record.end;
        const Visitor& visitor = number <= row_number ? kept : dropped;
        if (visitor) visitor(number, record.cells);
        return true;
      });
  if (!end.ok()) return end.status();
  return CutAt(cut);
}

absl::Status RowFile::ForEach(const Visitor& visitor) {
  return DropAfter(std::numeric_limits<std::int64_t>::max(), visitor, nullptr);
}

}  // namespace provisioning
