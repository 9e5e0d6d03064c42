// SPDX-License-Identifier: Apache-2.0
// The rule set that every row is held to, by the server and by the command-line
// client alike. Nothing else validates rows.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "service/model/checked_row.h"
#include "service/model/client_row.h"
#include "service/model/clock.h"
#include "service/model/limits.h"

namespace provisioning {

// Whether a row without a password, and without the hash of one, can be taken: it
// can when the service makes one, or when the row may be about a client who
// exists.
enum class PasswordNeed { kRequired, kOptional };

// Pure but for the clock, which says what "today" is. Any thread.
class RowRules {
 public:
  struct Options {
    // Never below limits::password_characters_min.
    int password_characters_min = limits::password_characters_min;
  };

  // `clock` outlives this object.
  explicit RowRules(const Clock& clock);
  RowRules(const Clock& clock, const Options& options);

  // Checks and normalizes all fields. Reports every violation, in column order;
  // takes any bytes. The row's own password memory is wiped.
  CheckedRow Check(ClientRow row, PasswordNeed need) const;

 private:
  const Clock& clock_;
  const Options options_;
};

// The stored form of an address that someone typed to find a client: trimmed,
// lower-cased, its domain in A-labels. Nothing if no client can have it.
std::optional<std::string> StoredEmailAddress(std::string_view typed);

}  // namespace provisioning
