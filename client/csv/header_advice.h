// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "client/csv/csv_dialect.h"
#include "client/csv/csv_reader.h"

namespace provisioning {

// What may be wrong with a header that does not fit, beyond its names. All
// return an empty string when it is not that.

// The whole line is one cell, since it is not delimited as `dialect` says.
std::string AdviceOnDelimiter(const CsvRecord& header, const CsvDialect& dialect);
// A cell holds bytes that are no characters of the file's encoding.
std::string AdviceOnEncoding(const CsvRecord& header, const TextEncoding& encoding);
// A line below it looks more like the header. `reader` stands behind `header`.
std::string AdviceOnLine(const CsvRecord& header, CsvReader& reader);

// For a file in which bytes are no UTF-8: what else it may be.
std::string OtherEncodings();

}  // namespace provisioning
