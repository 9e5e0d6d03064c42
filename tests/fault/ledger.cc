// SPDX-License-Identifier: Apache-2.0
#include "tests/fault/ledger.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>

namespace provisioning {

Ledger::Ledger(const std::string& path)
    : file_(open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600)) {
  if (file_ < 0) std::abort();
}

Ledger::~Ledger() { close(file_); }

void Ledger::Append(const std::vector<v1::RowResult>& results) {
  std::string text;
  for (const v1::RowResult& result : results) {
    text += std::to_string(result.row_number()) + " " + v1::RowOutcome_Name(result.outcome()) +
            " " + result.email_address() + " " + result.temporary_password() +
            (result.replayed() ? " replayed" : "") + "\n";
  }
  if (write(file_, text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
      fdatasync(file_) != 0) {
    std::abort();
  }
  results_.insert(results_.end(), results.begin(), results.end());
}

}  // namespace provisioning
