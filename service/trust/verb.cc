// SPDX-License-Identifier: Apache-2.0
#include "service/trust/verb.h"

#include <algorithm>
#include <iterator>

namespace provisioning {
namespace {

// In the order of Verb.
constexpr std::string_view names[] = {"import", "validate", "read",   "create", "activate",
                                      "verify", "reissue",  "delete", "revert"};
static_assert(std::size(names) == verb_count);

}  // namespace

std::string_view VerbName(Verb verb) { return names[static_cast<int>(verb)]; }

std::optional<Verb> ParseVerb(std::string_view name) {
  const auto* const found = std::ranges::find(names, name);
  if (found == std::end(names)) return std::nullopt;
  return static_cast<Verb>(found - std::begin(names));
}

std::optional<Verb> VerbSet::FirstNotIn(const VerbSet& allowed) const {
  for (int i = 0; i < verb_count; ++i) {
    const auto verb = static_cast<Verb>(i);
    if (Has(verb) && !allowed.Has(verb)) return verb;
  }
  return std::nullopt;
}

}  // namespace provisioning
