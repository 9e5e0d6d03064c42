// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "service/model/secret_string.h"

namespace provisioning {

// The lines of a passwords file: one for each of `names` ("new password"),
// exactly. A line ends with LF or CRLF, the last one need not end; everything
// else is the password's, white space too, but for a byte order mark at the
// beginning of the file. INVALID_ARGUMENT: it is no such file; the message says
// so without a word of what stands in it.
absl::StatusOr<std::vector<SecretString>> ParsePasswords(std::string_view bytes,
                                                         std::span<const std::string> names);

// The same of a file; "-" is standard input. UNAVAILABLE: it cannot be read. The
// message names the file.
absl::StatusOr<std::vector<SecretString>> ReadPasswordsFile(const std::string& path,
                                                            std::span<const std::string> names);

}  // namespace provisioning
