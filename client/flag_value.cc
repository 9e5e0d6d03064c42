// SPDX-License-Identifier: Apache-2.0
#include "client/flag_value.h"

#include "client/terminal/duration_text.h"
#include "service/model/limits.h"
#include "service/rules/utf8.h"

namespace provisioning {

absl::Status CheckText(const std::string& flag, const std::string& text) {
  if (IsUtf8(text)) return absl::OkStatus();
  return absl::FailedPreconditionError(
      flag + ": this is not in UTF-8; does the terminal use another encoding?");
}

absl::Status ReadDurationFlag(const std::string& flag, const std::string& text,
                              absl::Duration& duration) {
  const auto parsed = ParseDuration(text);
  if (!parsed) {
    return absl::FailedPreconditionError(flag + ": \"" + text +
                                         "\" is no duration; write for example 7d, 36h or 90m");
  }
  duration = *parsed;
  return absl::OkStatus();
}

absl::Status ReadTtlFlag(const std::string& text, absl::Duration& ttl) {
  if (absl::Status status = ReadDurationFlag("--ttl", text, ttl); !status.ok()) return status;
  if (ttl >= absl::Seconds(1) && ttl <= limits::temporary_password_ttl_max) return absl::OkStatus();
  return absl::FailedPreconditionError("--ttl: " + text +
                                       " is out of bounds; write something from 1h to 90d, or "
                                       "less if the server is set to take it");
}

}  // namespace provisioning
