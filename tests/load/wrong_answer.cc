// SPDX-License-Identifier: Apache-2.0
#include "tests/load/wrong_answer.h"

#include <iterator>

namespace provisioning {
namespace {

struct Words {
  const char* name;
  const char* meaning;
};

constexpr Words words[] = {
    {"message", "a message that cannot be read, or comes where it may not"},
    {"unexpected_row", "a result for a row that was not sent or has one already"},
    {"row_order", "a result before that of an earlier row"},
    {"missing_result", "the stream ended with OK, the row has no result"},
    {"outcome", "another outcome than the row must have"},
    {"violations", "rejected, but not for the field that is wrong"},
    {"first_row", "a duplicate of another row"},
    {"address", "not the address that was sent"},
    {"client", "a client id where there is no client, or none where there is one"},
    {"password_missing", "no temporary password, or no expiry, where one was made"},
    {"password_unexpected", "a temporary password where none was made"},
    {"replay", "the second answer to a row is no replay, or differs"},
    {"summary", "a summary that does not sum up what was answered, or none"},
};
static_assert(std::size(words) == wrong_kind_count);

}  // namespace

const char* NameOf(WrongKind kind) { return words[static_cast<std::size_t>(kind)].name; }

const char* Meaning(WrongKind kind) { return words[static_cast<std::size_t>(kind)].meaning; }

}  // namespace provisioning
