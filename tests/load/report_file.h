// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace provisioning {

// A file that a report is written to in the end, opened before the run so that a
// wrong path costs nothing. Replaces what is in it.
class ReportFile {
 public:
  // Empty: none is wanted.
  explicit ReportFile(std::string path);
  ~ReportFile();
  ReportFile(const ReportFile&) = delete;
  ReportFile& operator=(const ReportFile&) = delete;

  bool wanted() const { return !path_.empty(); }
  // False: see error().
  bool Write(const std::string& content);
  // A sentence; empty: nothing went wrong.
  const std::string& error() const { return error_; }

 private:
  const std::string path_;
  int file_ = -1;
  std::string error_;
};

}  // namespace provisioning
