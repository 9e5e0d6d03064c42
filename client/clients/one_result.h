// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "client/report/results_file.h"
#include "provisioning/v1/client_row.pb.h"

namespace provisioning {

// Where the answer about one client goes, with the password that the service
// made: a results file, stdout as JSON, or both.
class OneResult {
 public:
  // `path`: empty: no file.
  OneResult(std::string path, bool json) : path_(std::move(path)), json_(json) {}
  // Takes a file away that nothing was written into.
  ~OneResult();
  OneResult(const OneResult&) = delete;
  OneResult& operator=(const OneResult&) = delete;

  // Makes the file, so that an answer will have a place. ALREADY_EXISTS,
  // UNAVAILABLE: it cannot be made.
  absl::Status Open();
  // Writes it down, with the client's names, and wipes its password; REJECTED goes
  // into no file. UNAVAILABLE: not all of it was taken; then no file is left.
  absl::Status Write(v1::RowResult& result, const std::string& first_name,
                     const std::string& last_name);
  // " in FILE"; empty: there is no file.
  std::string InFile() const { return path_.empty() ? "" : " in " + path_; }

 private:
  const std::string path_;
  const bool json_;
  bool kept_ = false;
  std::unique_ptr<ResultsFile> file_;
};

}  // namespace provisioning
