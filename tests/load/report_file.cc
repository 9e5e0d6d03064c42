// SPDX-License-Identifier: Apache-2.0
#include "tests/load/report_file.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace provisioning {
namespace {

bool WriteAll(int file, const std::string& content) {
  std::size_t written = 0;
  while (written < content.size()) {
    const ssize_t count = write(file, content.data() + written, content.size() - written);
    if (count < 0 && errno != EINTR) return false;
    if (count > 0) written += static_cast<std::size_t>(count);
  }
  return true;
}

}  // namespace

ReportFile::ReportFile(std::string path) : path_(std::move(path)) {
  if (path_.empty()) return;
  file_ = open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (file_ < 0) error_ = path_ + " cannot be written: " + strerror(errno);
}

ReportFile::~ReportFile() {
  if (file_ >= 0) close(file_);
}

bool ReportFile::Write(const std::string& content) {
  // A pipe or a device has no length.
  if (ftruncate(file_, 0) != 0 && errno != EINVAL) {
    error_ = path_ + " cannot be written: " + strerror(errno);
  } else if (!WriteAll(file_, content)) {
    error_ = path_ + " was not written whole: " + strerror(errno);
  }
  return error_.empty();
}

}  // namespace provisioning
