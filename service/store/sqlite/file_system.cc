// SPDX-License-Identifier: Apache-2.0
#include "service/store/sqlite/file_system.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "service/model/error.h"
#include "service/model/error_text.h"

namespace provisioning {
namespace {

std::string FolderOf(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

absl::Status Refusal(const std::string& path, std::string_view why) {
  return MakeError(ErrorReason::kStoreUnavailable, path + ": " + std::string(why));
}

absl::Status SystemError(const std::string& path, const char* doing) {
  const int error = errno;
  return Refusal(path, std::string(doing) + ": " + ErrorText(error));
}

absl::Status CreateOwnersFile(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, owner_only));
  return file.is_open() ? absl::OkStatus() : SystemError(path, "creating the file");
}

absl::Status SyncFile(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  const bool synced = file.is_open() && fsync(file.number()) == 0;
  return synced ? absl::OkStatus() : SystemError(path, "syncing the file");
}

absl::Status SyncFolder(const std::string& path) {
  const std::string folder = FolderOf(path);
  const Descriptor descriptor(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor.is_open() || fsync(descriptor.number()) != 0) {
    return SystemError(folder, "syncing the folder");
  }
  return absl::OkStatus();
}

}  // namespace provisioning
