// SPDX-License-Identifier: Apache-2.0
#include "service/rules/email_form.h"

#include <algorithm>
#include <cstddef>

#include "service/model/limits.h"
#include "service/rules/characters.h"
#include "service/rules/email_domain.h"
#include "service/rules/utf8.h"

namespace provisioning {
namespace {

// Where the `@` stands at the latest; `npos`, for none, is beyond it.
constexpr std::size_t at_max = limits::email_local_part_bytes_max;

bool IsAtomCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

bool IsUpperAscii(char c) { return c >= 'A' && c <= 'Z'; }

}  // namespace

bool IsPlainAddress(std::string_view text) {
  if (text.size() > limits::email_bytes_max) return false;
  const std::size_t at = text.find('@');
  if (at > at_max) return false;
  const std::string_view local_part = text.substr(0, at);
  return IsDotString(local_part) && std::ranges::none_of(local_part, IsUpperAscii) &&
         IsPlainDomain(text.substr(at + 1));
}

bool IsDotString(std::string_view local_part) {
  bool after_dot = true;
  for (const char c : local_part) {
    if (c == '.' ? after_dot : !IsAtomCharacter(c)) return false;
    after_dot = c == '.';
  }
  return !after_dot;
}

std::string LowerCase(std::string_view utf8) {
  std::string lower;
  lower.reserve(utf8.size());
  while (!utf8.empty()) AppendCodePoint(ToLower(TakeCodePoint(utf8)), lower);
  return lower;
}

std::optional<std::string> StoredForm(std::string_view utf8) {
  if (IsPlainAddress(utf8)) return std::string(utf8);
  const std::string lower = LowerCase(utf8);
  const std::size_t at = lower.find('@');
  if (at > at_max) return std::nullopt;
  if (!IsDotString(std::string_view(lower).substr(0, at))) return std::nullopt;
  const auto domain = DomainInALabels(std::string_view(lower).substr(at + 1));
  if (!domain || at + 1 + domain->size() > limits::email_bytes_max) return std::nullopt;
  return lower.substr(0, at + 1) + *domain;
}

}  // namespace provisioning
