// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace provisioning {

// What stands in each row: as much as a generated password leaves, or its
// RandomHash.
enum class LoadedCredential { kGenerated, kRandomHash };

// Fills the client table of a database that the service has made with `rows`
// random rows, as fast as one thread can by SQLite alone: the same columns and
// keys, large transactions, keys sorted in each, and nothing else. Returns rows
// per second. The rows are made before the time is taken.
double LoadRows(const std::string& path, std::int64_t rows, std::uint64_t seed,
                LoadedCredential credential = LoadedCredential::kGenerated);

}  // namespace provisioning
