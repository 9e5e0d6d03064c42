// SPDX-License-Identifier: Apache-2.0
#include "client/csv/byte_source.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "client/csv/file_kind.h"

namespace provisioning {
namespace {

constexpr std::size_t copy_bytes = 256 << 10;

absl::Status FileError(const std::string& path, int error) {
  const std::string message = path + ": " + strerror(error);
  if (error == ENOENT) return absl::NotFoundError(message);
  if (error == EACCES) return absl::PermissionDeniedError(message);
  return absl::UnavailableError(message);
}

bool WriteAll(int descriptor, std::span<const char> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

int UnlinkedFile() {
  const char* folder = getenv("TMPDIR");
  std::string name = std::string(folder != nullptr && *folder != 0 ? folder : "/tmp");
  name += "/provision-XXXXXX";
  const int descriptor = mkostemp(name.data(), O_CLOEXEC);  // Its mode is 0600.
  if (descriptor >= 0) unlink(name.c_str());
  return descriptor;
}

// The descriptor of the copy, or -1 with errno set.
int Spool(int from) {
  const int spool = UnlinkedFile();
  if (spool < 0) return -1;
  std::vector<char> buffer(copy_bytes);
  int error = 0;
  while (error == 0) {
    const ssize_t count = read(from, buffer.data(), buffer.size());
    if (count == 0) break;
    if (count < 0 || !WriteAll(spool, {buffer.data(), static_cast<std::size_t>(count)})) {
      error = errno;
    }
  }
  explicit_bzero(buffer.data(), buffer.size());
  if (error == 0) return spool;
  close(spool);
  errno = error;
  return -1;
}

}  // namespace

absl::StatusOr<std::unique_ptr<FileByteSource>> FileByteSource::Open(const std::string& path) {
  const bool standard_input = path == "-";
  const std::string name = standard_input ? "standard input" : path;
  int descriptor = standard_input ? dup(STDIN_FILENO) : open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat state {};
  if (descriptor < 0 || fstat(descriptor, &state) != 0) return FileError(name, errno);
  if (S_ISDIR(state.st_mode)) {
    close(descriptor);
    if (path.ends_with(".numbers") || path.ends_with(".numbers/")) {
      return absl::InvalidArgumentError(name + ": " + NumbersSentence());
    }
    return FileError(name, EISDIR);
  }
  if (standard_input || !S_ISREG(state.st_mode)) {
    const int spool = Spool(descriptor);
    const int error = errno;
    close(descriptor);
    if (spool < 0) return FileError(name, error);
    descriptor = spool;
    if (fstat(descriptor, &state) != 0) return FileError(name, errno);
  }
  return std::unique_ptr<FileByteSource>(new FileByteSource(name, descriptor, state));
}

FileByteSource::~FileByteSource() { close(descriptor_); }

absl::StatusOr<std::size_t> FileByteSource::ReadAt(std::int64_t offset,
                                                   std::span<char> buffer) const {
  while (true) {
    const ssize_t count = pread(descriptor_, buffer.data(), buffer.size(), offset);
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR) return absl::UnavailableError(strerror(errno));
  }
}

absl::Status FileByteSource::CheckUnchanged() const {
  struct stat now {};
  if (fstat(descriptor_, &now) != 0) return absl::UnavailableError(strerror(errno));
  const bool same = now.st_size == opened_.st_size &&
                    now.st_mtim.tv_sec == opened_.st_mtim.tv_sec &&
                    now.st_mtim.tv_nsec == opened_.st_mtim.tv_nsec;
  if (same) return absl::OkStatus();
  return absl::DataLossError(
      name_ +
      ": the file was changed while it was read. Close it in other programs, and run the command "
      "again on a file that stays as it is.");
}

absl::StatusOr<std::string> Sha256Of(const ByteSource& source, std::string_view suffix) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  if (context == nullptr || EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) != 1) {
    return absl::InternalError("SHA-256 is not available");
  }
  std::vector<char> buffer(copy_bytes);
  for (std::int64_t offset = 0;;) {
    const auto count = source.ReadAt(offset, buffer);
    if (!count.ok()) return count.status();
    if (*count == 0) break;
    EVP_DigestUpdate(context.get(), buffer.data(), *count);
    offset += static_cast<std::int64_t>(*count);
  }
  explicit_bzero(buffer.data(), buffer.size());
  EVP_DigestUpdate(context.get(), suffix.data(), suffix.size());
  std::array<unsigned char, 32> digest{};
  EVP_DigestFinal_ex(context.get(), digest.data(), nullptr);
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

}  // namespace provisioning
