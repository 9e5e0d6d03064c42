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
  bool passwords = false;  // One of them has an initial_password.
};

// Writes the REJECTED records of `results`, byte for byte as they stand in the
// source, under the source's own header, to be mended and imported anew. None
// rejected: no file. `replace`: a file of an earlier run may be there. ALREADY_EXISTS,
// UNAVAILABLE.
absl::StatusOr<RejectsWritten> WriteRejectsFile(const std::string& path, bool replace,
                                                const ByteSource& bytes, RowSource& rows,
                                                ResultsFile& results);

}  // namespace provisioning
