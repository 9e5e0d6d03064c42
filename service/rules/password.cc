// SPDX-License-Identifier: Apache-2.0
#include "service/rules/password.h"

#include <string>
#include <utility>

#include "service/model/limits.h"
#include "service/rules/opaque_string.h"
#include "service/rules/password_hash.h"
#include "service/rules/password_strength.h"
#include "service/rules/utf8.h"

namespace provisioning {
namespace {

constexpr Column column = Column::kInitialPassword;

// Reports every reason to refuse it.
bool IsRefused(const SecretString& given, const OpaqueString& password, std::size_t characters_min,
               RowReport& report) {
  if (password.invalid_utf8) {
    report.Reject(column, FieldIssueCode::kInvalidUtf8,
                  "The password is not UTF-8, for its byte " +
                      std::to_string(ValidUtf8Prefix(given.Reveal()) + 1) +
                      " stands for no character: save the file with the encoding UTF-8.");
    return true;
  }
  if (password.control_character) {
    report.Reject(column, FieldIssueCode::kControlCharacter,
                  "The password has a control character, such as a tab or a line break, in it: "
                  "remove it.");
  }
  if (password.forbidden_character) {
    report.Reject(
        column, FieldIssueCode::kUnassignedCharacter,
        "The password has a character in it that is not assigned, or that cannot be seen, "
        "or that depends on its neighbours: remove it.");
  }
  if (password.too_long) {
    report.Reject(column, FieldIssueCode::kTooLong,
                  "The password is too long: it may have at most " +
                      std::to_string(limits::password_characters_max) + " characters.");
  }
  const bool too_short = !password.too_long && password.characters < characters_min;
  if (too_short) {
    report.Reject(column, FieldIssueCode::kTooShort,
                  "The password is too short: it needs at least " + std::to_string(characters_min) +
                      " characters.");
  }
  return !password.ok() || too_short;
}

void WarnAboutPassword(std::string_view password,
                       std::initializer_list<std::string_view> known_words, RowReport& report) {
  if (IsWeakPassword(password, known_words)) {
    report.Warn(column, FieldIssueCode::kWeakPassword,
                "The password is easy to guess: choose another one, or let the service make it.");
  }
  if (password.front() == ' ' || password.back() == ' ') {
    report.Warn(
        column, FieldIssueCode::kPasswordEdgeSpace,
        "The password begins or ends with a space, which is kept and easily lost: make sure "
        "that it is meant.");
  }
  if (LooksHashed(password)) {
    report.Warn(column, FieldIssueCode::kPasswordLooksHashed,
                "The password looks like the hash of one, and people would have to type it as it "
                "stands: if it is a hash, put it into password_hash.");
  }
}

}  // namespace

SecretString CheckPassword(const SecretString& given, bool required, std::size_t characters_min,
                           std::initializer_list<std::string_view> known_words, RowReport& report) {
  if (given.empty()) {
    if (required) {
      report.Reject(column, FieldIssueCode::kRequired,
                    "The row has no password: give it one, or ask for generated passwords.");
    }
    return SecretString();
  }
  OpaqueString password = PrepareOpaqueString(given.Reveal());
  if (IsRefused(given, password, characters_min, report)) return SecretString();
  WarnAboutPassword(password.text.Reveal(), known_words, report);
  return std::move(password.text);
}

}  // namespace provisioning
