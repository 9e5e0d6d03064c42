// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace provisioning {

// The mail provider's domain that `domain` is a common misspelling of; empty:
// it is none.
std::string IntendedDomain(std::string_view domain);

}  // namespace provisioning
