// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

namespace provisioning {

// What is in a store, to hold it against what callers were told.
struct StoreAudit {
  // Of all clients, by address.
  std::map<std::string, std::string> credentials;
  std::map<std::string, std::string> last_names;
};

// Of a database that no server has open.
StoreAudit AuditSqlite(const std::string& path);

}  // namespace provisioning
