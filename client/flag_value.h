// SPDX-License-Identifier: Apache-2.0
// What stands behind a flag. FAILED_PRECONDITION: it is of another form.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace provisioning {

// UTF-8: a message with anything else would not reach the server.
absl::Status CheckText(const std::string& flag, const std::string& text);

// How long something takes or lasts.
absl::Status ReadDurationFlag(const std::string& flag, const std::string& text,
                              absl::Duration& duration);

// --ttl, how long temporary passwords work: from a second, for a
// server may take less than others do, to what none exceeds.
absl::Status ReadTtlFlag(const std::string& text, absl::Duration& ttl);

}  // namespace provisioning
