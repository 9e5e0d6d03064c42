// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

namespace provisioning {

// In which way an answer can be wrong.
enum class WrongKind {
  kMessage,             // A message that cannot be read, or comes where it may not.
  kUnexpectedRow,       // A result for a row that was not sent, or a second one.
  kRowOrder,            // A result before that of an earlier row.
  kMissingResult,       // The stream ended well without it.
  kOutcome,             // Not the outcome that the row must have.
  kViolations,          // REJECTED, but not for the field that is wrong.
  kFirstRow,            // DUPLICATE_ROW of another row.
  kAddress,             // Not the address that was sent.
  kClient,              // No client where there is one, or the reverse.
  kPasswordMissing,     // No temporary password where one was made.
  kPasswordUnexpected,  // One where none was made.
  kReplay,              // The second answer to a row differs from the first.
  kSummary,             // Not the sums of what was answered.
};
inline constexpr std::size_t wrong_kind_count = 13;

// "row_order" and the like, for reports.
const char* NameOf(WrongKind kind);
// What it means, in a few words.
const char* Meaning(WrongKind kind);

struct WrongAnswer {
  WrongKind kind;
  std::string text;
};

}  // namespace provisioning
