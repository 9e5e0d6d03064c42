// SPDX-License-Identifier: Apache-2.0
#include "service/rules/new_password.h"

#include <algorithm>
#include <string>
#include <utility>

#include "service/rules/characters.h"
#include "service/rules/email_address.h"
#include "service/rules/opaque_string.h"
#include "service/rules/password.h"
#include "service/rules/password_strength.h"
#include "service/rules/row_report.h"
#include "service/rules/row_rules.h"

namespace provisioning {
namespace {

constexpr char field[] = "new_password";
constexpr std::size_t local_part_bytes_min = 4;

char LowerCase(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool ContainsIgnoringCase(std::string_view text, std::string_view part) {
  return !part.empty() && !std::ranges::search(text, part, {}, LowerCase, LowerCase).empty();
}

// Or its part before the @, if that is long enough to mean something.
bool ContainsAddress(std::string_view password, std::string_view address) {
  const std::string_view local_part = LocalPartOf(address);
  return ContainsIgnoringCase(password, address) ||
         (local_part.size() >= local_part_bytes_min && ContainsIgnoringCase(password, local_part));
}

// As in the digits of a generated password.
char Digit(char c) {
  const char lower = LowerCase(c);
  if (lower == 'o') return '0';
  return lower == 'i' || lower == 'l' ? '1' : lower;
}

// The same characters, and nothing of hyphens, spaces, letter case, and what is
// taken for another digit: who types a generated password in another way has not
// chosen another one.
std::string Skeleton(std::string_view text) {
  std::string skeleton;
  skeleton.reserve(text.size());
  for (const char c : text) {
    if (c != '-' && c != ' ') skeleton += Digit(c);
  }
  return skeleton;
}

bool IsSame(std::string_view a, std::string_view b) {
  std::string left = Skeleton(a);
  std::string right = Skeleton(b);
  const bool same = left == right;
  WipeString(left);
  WipeString(right);
  return same;
}

}  // namespace

NewPassword CheckNewPassword(const SecretString& given, const SecretString& temporary,
                             std::string_view email_address, int characters_min) {
  NewPassword result;
  const auto refuse = [&result](FieldIssueCode code, std::string message) {
    result.violations.push_back({field, code, std::move(message), ""});
  };
  if (given.empty()) {
    refuse(FieldIssueCode::kRequired, "There is no new password.");
    return result;
  }
  const std::string_view typed = TrimWhiteSpace(email_address);
  const std::string stored = StoredEmailAddress(typed).value_or(std::string(typed));
  std::vector<FieldIssue> warnings;
  RowReport report(given, result.violations, warnings);
  result.text =
      CheckPassword(given, /*required=*/true, static_cast<std::size_t>(characters_min), {}, report);
  for (FieldIssue& violation : result.violations) violation.field = field;

  const OpaqueString before = PrepareOpaqueString(temporary.Reveal());
  const std::string_view old = before.ok() ? before.text.Reveal() : temporary.Reveal();
  const OpaqueString after = PrepareOpaqueString(given.Reveal());
  if (IsSame(after.ok() ? after.text.Reveal() : given.Reveal(), old)) {
    refuse(FieldIssueCode::kPasswordUnchanged,
           "The new password is the temporary one: choose another one.");
  }
  if (ContainsAddress(given.Reveal(), typed) || ContainsAddress(given.Reveal(), stored)) {
    refuse(FieldIssueCode::kPasswordContainsAddress,
           "The new password has the e-mail address in it: choose one without it.");
  }
  if (!result.text.empty() && IsCommonPassword(result.text.Reveal(), {LocalPartOf(stored)})) {
    refuse(FieldIssueCode::kPasswordCommon,
           "The new password is one of those that are tried first: choose one that is harder to "
           "guess, such as four words that have nothing to do with each other.");
  }
  if (!result.violations.empty()) result.text = SecretString();
  return result;
}

}  // namespace provisioning
