// SPDX-License-Identifier: Apache-2.0
#include "client/report/row_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
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

// The lock goes with the descriptor, so with the process.
absl::Status Lock(int descriptor, const std::string& path) {
  if (flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return absl::OkStatus();
  return absl::FailedPreconditionError(
      path + ": another provision is writing to this file. Wait until it has ended, or stop it.");
}

void AppendRecord(std::span<const std::string> cells, char delimiter, std::string& text) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) text += delimiter;
    text += CsvCell(cells[i], delimiter);
  }
  text += '\n';
}

std::string HeaderText(const CsvDialect& dialect, std::span<const std::string_view> columns) {
  std::string text = dialect.byte_order_mark ? "\xEF\xBB\xBF" : "";
  AppendRecord(std::vector<std::string>(columns.begin(), columns.end()), dialect.delimiter, text);
  return text;
}

// Whether nothing but a part of `header` is there, or not even that.
absl::StatusOr<bool> HoldsTornHeader(const ByteSource& source, const std::string& header) {
  std::string bytes(header.size(), '\0');
  std::size_t size = 0;
  while (size < bytes.size()) {
    const auto count =
        source.ReadAt(static_cast<std::int64_t>(size), std::span(bytes).subspan(size));
    if (!count.ok()) return count.status();
    if (*count == 0) break;
    size += *count;
  }
  return size < header.size() && header.starts_with(std::string_view(bytes).substr(0, size));
}

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

// Whether complete records stand behind `record`, whose quote is never closed:
// then it was not torn, but damaged by something else.
absl::StatusOr<bool> RecordsFollow(const ByteSource& source, const CsvDialect& dialect,
                                   const CsvRecord& record) {
  CsvDialect rest = dialect;
  rest.header_offset = record.begin;
  CsvReader::Options options = own_file_options;
  options.resume_after_open_quote = true;
  CsvReader reader(source, rest, options);
  CsvRecord next;
  for (bool first = true;; first = false) {
    const auto more = reader.Next(next);
    if (!more.ok()) return more.status();
    if (!*more) return false;
    if (!first && next.terminated && next.cells.size() > 1 && RowNumber(next) > 0) return true;
  }
}

// Shows the complete records behind the header to `visit`. A torn one at the end
// is passed over.
absl::Status Walk(const ByteSource& source, const std::string& path, std::int64_t header_end,
                  const CsvDialect& dialect,
                  const std::function<void(std::int64_t, const CsvRecord&)>& visit) {
  CsvReader reader(source, dialect, own_file_options);
  CsvRecord record;
  std::int64_t previous = 0;
  while (true) {
    const auto more = reader.Next(record);
    if (!more.ok()) return more.status();
    if (!*more) return absl::OkStatus();
    if (record.end <= header_end) continue;
    if (record.problem) {
      if (record.problem->code != FieldIssueCode::kUnclosedQuote) {
        return NoSuchFile(path, record.line);
      }
      const auto follow = RecordsFollow(source, dialect, record);
      if (!follow.ok()) return follow.status();
      return *follow ? NoSuchFile(path, record.line) : absl::OkStatus();
    }
    if (!record.terminated) return absl::OkStatus();
    const std::int64_t number = RowNumber(record);
    if (number < 1 || number < previous) return NoSuchFile(path, record.line);
    visit(number, record);
    previous = number;
  }
}

// What separates the cells of a file with this header: `likely`, or what a
// spreadsheet that saved the file anew has made of it.
absl::StatusOr<char> DelimiterOf(const ByteSource& source, const std::string& path,
                                 std::span<const std::string_view> columns, char likely) {
  for (const CsvDialectChoice& choice : {CsvDialectChoice{.delimiter = likely}, {}}) {
    const auto dialect = DetectDialect(source, choice);
    if (!dialect.ok()) return NoSuchFile(path, 1);
    if (!dialect->encoding.is_utf8()) {
      return absl::InvalidArgumentError(path + ": this was saved in " + dialect->encoding.name() +
                                        ". Save it as CSV UTF-8.");
    }
    CsvReader reader(source, *dialect, own_file_options);
    CsvRecord header;
    const auto more = reader.Next(header);
    if (!more.ok()) return more.status();
    if (*more && IsHeader(header, columns)) return dialect->delimiter;
  }
  return NoSuchFile(path, 1);
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
    if (errno == EEXIST) {
      return absl::AlreadyExistsError(path + " exists already and is not overwritten");
    }
    return absl::UnavailableError(path + ": " + strerror(errno));
  }
  std::unique_ptr<RowFile> file(new RowFile(path, descriptor, dialect.delimiter));
  if (absl::Status status = Lock(descriptor, path); !status.ok()) return status;
  file->buffer_ = HeaderText(dialect, columns);
  const absl::Status status = file->Flush();
  if (status.ok()) return file;
  // Without its header it is nothing, and in the way of the next one.
  unlink(path.c_str());
  return status;
}

absl::StatusOr<std::unique_ptr<RowFile>> RowFile::Reopen(const std::string& path,
                                                         std::span<const std::string_view> columns,
                                                         const Visitor& visitor,
                                                         const CsvDialect& made_with) {
  const int descriptor = open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (descriptor < 0) {
    const std::string message = path + ": " + strerror(errno);
    if (errno == ENOENT) return absl::NotFoundError(message);
    return absl::UnavailableError(message);
  }
  std::unique_ptr<RowFile> undecided(new RowFile(path, descriptor, made_with.delimiter));
  if (absl::Status status = Lock(descriptor, path); !status.ok()) return status;
  const DescriptorSource source(descriptor);
  const std::string whole_header = HeaderText(made_with, columns);
  const auto torn = HoldsTornHeader(source, whole_header);
  if (!torn.ok()) return torn.status();
  if (*torn) {
    if (absl::Status status = undecided->CutAt(0); !status.ok()) return status;
    undecided->buffer_ = whole_header;
    if (absl::Status status = undecided->Flush(); !status.ok()) return status;
    return undecided;
  }
  const auto delimiter = DelimiterOf(source, path, columns, made_with.delimiter);
  if (!delimiter.ok()) return delimiter.status();
  std::unique_ptr<RowFile> file(new RowFile(path, dup(descriptor), *delimiter));
  const absl::Status status =
      file->DropAfter(std::numeric_limits<std::int64_t>::max(), visitor, nullptr);
  if (!status.ok()) return status;
  return file;
}

RowFile::~RowFile() {
  (void)WriteBuffer();
  WipeString(buffer_);
  close(descriptor_);
}

absl::Status RowFile::Failure(int error) const {
  const bool no_room = error == ENOSPC || error == EDQUOT || error == EFBIG;
  return absl::UnavailableError(path_ + ": " + strerror(error) +
                                (no_room ? ". Make room there first." : ""));
}

void RowFile::Append(std::span<const std::string> cells) {
  // Room at once: a buffer that grows leaves copies of passwords behind.
  buffer_.reserve(2 * buffer_bytes_max);
  AppendRecord(cells, delimiter_, buffer_);
}

bool RowFile::WantsFlush() const { return buffer_.size() >= buffer_bytes_max; }

absl::Status RowFile::Flush() {
  struct stat state {};
  if (fstat(descriptor_, &state) == 0 && state.st_nlink == 0) {
    if (absl::Status status = PutBack(); !status.ok()) return status;
  }
  return WriteBuffer();
}

absl::Status RowFile::WriteBuffer() {
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

absl::Status RowFile::PutBack() {
  const int descriptor = open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) return Failure(errno);
  std::unique_ptr<RowFile> copy(new RowFile(path_, descriptor, delimiter_));
  if (absl::Status status = Lock(descriptor, path_); !status.ok()) return status;
  const DescriptorSource source(descriptor_);
  std::string& bytes = copy->buffer_;
  for (std::int64_t offset = 0;;) {
    bytes.resize(buffer_bytes_max);
    const auto count = source.ReadAt(offset, bytes);
    if (!count.ok()) return count.status();
    bytes.resize(*count);
    if (*count == 0) break;
    if (absl::Status status = copy->WriteBuffer(); !status.ok()) return status;
    offset += static_cast<std::int64_t>(*count);
  }
  // The number stays and stands for the new file from now on, its lock included.
  if (dup3(descriptor, descriptor_, O_CLOEXEC) < 0) return Failure(errno);
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
  std::int64_t cut = 0;
  const absl::Status status = WalkRecords(
      [&](std::int64_t number, const CsvRecord& record) {
        if (number <= row_number) cut = record.end;
        const Visitor& visitor = number <= row_number ? kept : dropped;
        if (visitor) visitor(number, record.cells);
      },
      cut);
  return status.ok() ? CutAt(cut) : status;
}

absl::Status RowFile::ForEach(const Visitor& visitor) {
  if (absl::Status status = Flush(); !status.ok()) return status;
  std::int64_t header_end = 0;
  return WalkRecords(
      [&](std::int64_t number, const CsvRecord& record) { visitor(number, record.cells); },
      header_end);
}

absl::Status RowFile::WalkRecords(
    const std::function<void(std::int64_t row_number, const CsvRecord& record)>& visit,
    std::int64_t& header_end) const {
  const DescriptorSource source(descriptor_);
  const auto dialect = DetectDialect(source, {.delimiter = delimiter_});
  if (!dialect.ok()) return dialect.status();
  const auto end = HeaderEnd(source, *dialect);
  if (!end.ok()) return end.status();
  header_end = *end;
  return Walk(source, path_, *end, *dialect, visit);
}

}  // namespace provisioning
