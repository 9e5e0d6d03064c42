// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "client/csv/byte_source.h"

namespace provisioning {

// How a CSV file is written. Output files beside it are written the same way,
// so that the same spreadsheet opens them.
struct CsvDialect {
  char delimiter = ',';  // Or ';' or TAB.
  bool byte_order_mark = false;
  // Where the header begins: behind the byte order mark and a `sep=;` line.
  std::int64_t header_offset = 0;
  std::int64_t header_line = 1;
};

// Finds out from the first bytes. INVALID_ARGUMENT: this is no CSV file in
// UTF-8; the message says what it is and how to save it as one.
absl::StatusOr<CsvDialect> DetectDialect(const ByteSource& source);

// "comma", "semicolon" or "TAB".
std::string DelimiterName(char delimiter);

}  // namespace provisioning
