// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace provisioning {

// libpq understands it, and its parts are what they should be: a / in a password
// that is not written as %2F ends the host's part, and what is behind it would be
// taken for a port and a database, and be named when they are not found.
bool IsConnectionUrl(const std::string& url);

// Of a connection URL.
bool HasPassword(const std::string& url);

}  // namespace provisioning
