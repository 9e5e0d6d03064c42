// SPDX-License-Identifier: Apache-2.0
// Text as a terminal shows it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace provisioning {

// What a terminal may be sent of bytes that come from elsewhere: U+FFFD for
// every control character (an escape sequence begins with one), for what turns
// the direction of writing, and for what is not UTF-8. Line ends stay.
std::string TerminalText(std::string_view bytes);
// The same, as one line.
std::string TerminalLine(std::string_view bytes);

// How many columns `utf8` takes: 2 for a wide character, 0 for a combining one.
std::size_t ColumnsOf(std::string_view utf8);

// `utf8` in at most `columns` columns: cut, with an ellipsis, where it takes
// more.
std::string Shortened(std::string_view utf8, std::size_t columns);

}  // namespace provisioning
