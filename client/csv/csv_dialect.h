// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "client/csv/byte_source.h"
#include "client/csv/text_encoding.h"

namespace provisioning {

// How a CSV file is written. Output files beside it have the same delimiter and,
// always in UTF-8, the same mark, so that the same spreadsheet opens them.
struct CsvDialect {
  char delimiter = ',';
  // Beside a source that is not in UTF-8 it is wanted as well: a spreadsheet
  // that writes another encoding takes a file for UTF-8 only by its mark.
  bool byte_order_mark = false;
  TextEncoding encoding = {};
  // Where the header begins: behind the byte order mark and a `sep=;` line.
  std::int64_t header_offset = 0;
  std::int64_t header_line = 1;
};

// What a person says of a file; the rest is found out.
struct CsvDialectChoice {
  std::optional<char> delimiter = std::nullopt;
  std::string encoding = "";  // A name for TextEncoding::Named, or "utf-16"; empty: not said.
};

// Finds out from the first bytes: the encoding by its byte order mark (none:
// UTF-8, never a guess), the delimiter by a `sep=` line or the header.
// INVALID_ARGUMENT: this is no CSV file, or not in the encoding that was chosen;
// the message says what it is and what to do.
absl::StatusOr<CsvDialect> DetectDialect(const ByteSource& source,
                                         const CsvDialectChoice& choice = {});

// "comma", "semicolon", "TAB", "pipe" or the character.
std::string DelimiterName(char delimiter);
// The delimiter of `--delimiter`: one of these names in lower case, or one ASCII
// character. Nothing: it cannot be one.
std::optional<char> DelimiterNamed(std::string_view name);

}  // namespace provisioning
