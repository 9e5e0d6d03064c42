// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace provisioning {

// No terminal, or one as wide as it may be: nothing is wrapped.
inline constexpr std::size_t unlimited_columns = static_cast<std::size_t>(-1);

// Breaks the lines of `utf8` between words, so that each fits into `columns`;
// a longer word stands alone. Continued lines begin with `indent` spaces. Lines
// that begin with a space are laid out already (a command to be pasted, a
// table) and stay as they are.
std::string WrapWords(std::string_view utf8, std::size_t columns, std::size_t indent = 0);

// The same for a single line that begins with spaces: it is broken as well, and
// continued `indent` spaces from the left.
std::string WrapLine(std::string_view line, std::size_t columns, std::size_t indent);

}  // namespace provisioning
