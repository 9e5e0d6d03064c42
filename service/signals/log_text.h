// SPDX-License-Identifier: Apache-2.0
// What a line of the log may consist of. Its words come from others in part: from
// callers, from gRPC, from a database. What would begin a line of its own, move the
// cursor of a terminal or turn the text around is written out.
#pragma once

#include <string>
#include <string_view>

namespace provisioning {

// `text` with these escaped: control characters of ASCII and of U+0080 to U+009F,
// U+2028 and U+2029, U+FEFF, what sets the direction of text, the backslash, and
// bytes that are no UTF-8. They become \n, \r, \t, \\, \xHH or \u{HHHH}. The rest
// stays, so a line is read as it was meant; what is escaped once more stays readable.
std::string EscapeForLog(std::string_view text);

}  // namespace provisioning
