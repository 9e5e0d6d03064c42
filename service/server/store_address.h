// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace CLI {
class App;
}  // namespace CLI

namespace provisioning {

enum class StoreEngine { kSqlite, kPostgres };

// Where a store is.
struct StoreAddress {
  StoreEngine engine = StoreEngine::kSqlite;
  std::string place;  // A path, or a URL for libpq, which may hold a password.
};

// What the command line says of it: one of the two.
struct StoreFlags {
  std::string store;  // sqlite:PATH or postgresql://...
  std::string file;   // Of a file with such a line.
};

// Adds --store and --store-file, of which one must be given.
void AddStoreFlags(CLI::App& command, StoreFlags& flags);

// INVALID_ARGUMENT, with a sentence that names the flag and shows no password: for
// another kind of address, a URL that libpq does not understand, a password in
// --store, which every user of the machine could read, a file without an address.
absl::StatusOr<StoreAddress> ReadStoreAddress(const StoreFlags& flags);

}  // namespace provisioning
