// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/status.h"

namespace provisioning {

// Copies the database, as it is at one moment, into a new file `output`, which only
// its owner may read; beside a running server too. It appears under its name when
// it is whole and on the disk. The counts of wrong passwords stay behind. Refuses,
// with a sentence, what is no database of this service, and an output that exists.
absl::Status BackUpSqlite(const std::string& path, const std::string& output);

}  // namespace provisioning
