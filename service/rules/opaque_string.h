// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "service/model/secret_string.h"

namespace provisioning {

// A password as RFC 8265's OpaqueString profile prepares it, so that what is
// typed at sign-in compares equal to what was imported, whatever keyboard it
// came from.
struct OpaqueString {
  bool ok() const { return !text.empty(); }

  SecretString text;           // Prepared; empty: refused for one of the reasons below.
  std::size_t characters = 0;  // Code points after preparation; 0: not known.

  bool empty = false;
  bool too_long = false;  // Over limits::password_characters_max or password_bytes_max.
  bool invalid_utf8 = false;
  bool control_character = false;
  bool forbidden_character = false;  // Outside the FreeformClass and no control.
};

// Non-ASCII spaces become U+0020, the text NFC; nothing is trimmed or
// case-mapped. As RFC 8264, 7 orders it, characters are checked after that, so
// that Korean in decomposed letters is taken. Takes any bytes; a text that is
// far too long is refused unread. Leaves no copy of it in memory.
OpaqueString PrepareOpaqueString(std::string_view given);

}  // namespace provisioning
