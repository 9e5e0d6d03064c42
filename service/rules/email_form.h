// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace provisioning {

// Whether `text` is an address in its stored form, as nearly all are, told
// without a look at IDNA.
bool IsPlainAddress(std::string_view text);

// The dot-string of RFC 5321 (4.1.2), of any length.
bool IsDotString(std::string_view local_part);

// In lower case, every letter of any script.
std::string LowerCase(std::string_view utf8);

// The stored form of an address in any letter case; nothing if it has none.
std::optional<std::string> StoredForm(std::string_view utf8);

}  // namespace provisioning
