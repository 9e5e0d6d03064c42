// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "sqlite3.h"

namespace provisioning {

// Reads a database that no server has open, to hold it against what callers were
// told.
class StoreAudit {
 public:
  // Aborts if it cannot be opened.
  explicit StoreAudit(const std::string& path);

  std::int64_t client_count() const;
  // By address: the stored credential (a PHC string).
  std::map<std::string, std::string> Credentials() const;
  // Addresses by last name, for updates.
  std::map<std::string, std::string> LastNames() const;

 private:
  std::map<std::string, std::string> Column(const std::string& column) const;

  std::unique_ptr<sqlite3, int (*)(sqlite3*)> database_;
};

}  // namespace provisioning
