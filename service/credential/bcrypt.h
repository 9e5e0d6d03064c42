// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace provisioning {

// For hashes that were imported: the service makes none. As everywhere only the
// first 72 bytes of a password count. In constant time. False, and at once, for
// a text of another form or above the bounds in limits.h, and for a password
// with a NUL in it, which bcrypt cannot tell from its end.
bool VerifyBcrypt(std::string_view text, std::string_view password);

}  // namespace provisioning
