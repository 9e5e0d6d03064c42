// SPDX-License-Identifier: Apache-2.0
// What a cell probably was before a spreadsheet, or a habit, changed it.
#pragma once

#include <optional>
#include <string_view>

#include "absl/time/civil_time.h"

namespace provisioning {

// The one day that `text` can mean, written with the year first or last,
// separators, a midnight, an apostrophe or quotation marks around it or `.0`
// behind it. Nothing if it can mean two days, or none.
std::optional<absl::CivilDay> OnlyReading(std::string_view text);

// The one day that eight digits can mean if they are not YYYYMMDD.
std::optional<absl::CivilDay> OnlyReadingYearLast(std::string_view digits);

// The day that most spreadsheets mean by a day count such as `29910` or
// `29910.5`; nothing if it is none.
std::optional<absl::CivilDay> DayOfSerialNumber(std::string_view text);

// `1.9811E+07`
bool IsScientific(std::string_view text);

// A day, a month and a year of two digits, in whatever order.
bool HasShortYear(std::string_view text);

}  // namespace provisioning
