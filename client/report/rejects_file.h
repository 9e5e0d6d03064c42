// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "client/csv/byte_source.h"
#include "client/csv/row_source.h"
#include "client/report/results_file.h"

namespace provisioning {

// What a rejects file holds.
struct RejectsWritten {
  std::int64_t records = 0;
  bool passwords = false;  // One of them has a password, or the hash of one.
};

// Writes the REJECTED records of `results`, byte for byte as they stand in the
// source, under the source's own header, to be mended and imported anew. None
// rejected: no file. `resume`: what an earlier run has written of it may be there,
// whole or cut off, and is completed. ALREADY_EXISTS: anything else is there (it
// may be mended already), and is left as it is. UNAVAILABLE.
absl::StatusOr<RejectsWritten> WriteRejectsFile(const std::string& path, bool resume,
                                                const ByteSource& bytes, RowSource& rows,
                                                ResultsFile& results);

}  // namespace provisioning
