// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sqlite3.h>

#include <string>
#include <string_view>
#include <vector>

namespace provisioning {

// A test's own look into the database of an embedded store, beside it: for what
// the store's interface does not show, and for what other parts of the service
// do to accounts. What goes wrong fails the test.
class RawDatabase {
 public:
  // Of a store that is open, or was.
  explicit RawDatabase(const std::string& path);
  ~RawDatabase();
  RawDatabase(const RawDatabase&) = delete;
  RawDatabase& operator=(const RawDatabase&) = delete;

  // Every row as one line, its cells joined by `|`; blobs in hexadecimal.
  std::vector<std::string> Read(const std::string& sql);
  // The first cell of the first row; empty: there is none.
  std::string ReadCell(const std::string& sql);
  // How many rows it changed.
  int Change(const std::string& sql);

  // All columns of all clients that are not erased, credentials included.
  std::vector<std::string> Clients();
  // The PHC string of a client of any organization.
  std::string CredentialOf(std::string_view email_address);
  // As erasure does.
  void Erase(std::string_view email_address);
  // As activation does.
  void Activate(std::string_view email_address);

 private:
  sqlite3* database_ = nullptr;
};

}  // namespace provisioning
