// SPDX-License-Identifier: Apache-2.0
#include "service/rules/password_hash.h"

#include <string>
#include <utility>
#include <variant>

#include "service/hash_format/imported_hash_reader.h"
#include "service/model/limits.h"
#include "service/rules/characters.h"
#include "service/rules/utf8.h"

namespace provisioning {
namespace {

constexpr Column column = Column::kPasswordHash;

std::string SchemeNames() {
  std::string names;
  for (const HashScheme& scheme : HashSchemes()) {
    if (!names.empty()) names += " and ";
    names += std::string(scheme.name) + " (";
    for (const std::string_view prefix : scheme.prefixes) {
      names += (prefix == scheme.prefixes.front() ? "" : ", ") + std::string(prefix);
    }
    names += ")";
  }
  return names;
}

void Report(const HashRefusal& refusal, RowReport& report) {
  if (refusal.scheme == nullptr) {
    report.Reject(
        column, FieldIssueCode::kPasswordHashScheme,
        "This is no hash of a scheme that can be imported, which are " + SchemeNames() +
            ". If another product put its own name before one of these, as {bcrypt}, cut that off "
            "(not bcrypt_sha256, which is another scheme). For any other scheme leave the cell "
            "empty, and give the person a temporary password; a password in plain text belongs "
            "into initial_password.");
    return;
  }
  const std::string name(refusal.scheme->name);
  switch (refusal.fault) {
    case HashFault::kScheme:
    case HashFault::kForm:
      report.Reject(column, FieldIssueCode::kPasswordHashFormat,
                    "This is no whole hash of " + name + ", which has the form " +
                        std::string(refusal.scheme->form) + ": export it again.");
      return;
    case HashFault::kTooWeak:
      report.Reject(column, FieldIssueCode::kPasswordHashTooWeak,
                    "This hash is too cheap to guess against. Of " + name + " at least " +
                        std::string(refusal.scheme->floor) +
                        " is taken: leave the cell empty, and give the person a temporary "
                        "password instead.");
      return;
    case HashFault::kTooCostly:
      report.Reject(column, FieldIssueCode::kPasswordHashTooCostly,
                    "This hash would take too much memory or time at each sign-in. Of " + name +
                        " at most " + std::string(refusal.scheme->ceiling) +
                        " is taken: leave the cell empty, and give the person a temporary "
                        "password instead.");
      return;
  }
}

std::optional<ImportedHash> ReadHash(std::string_view text, RowReport& report) {
  if (text.size() > limits::password_hash_bytes_max) {
    report.Reject(column, FieldIssueCode::kTooLong,
                  "The hash is too long: it may have at most " +
                      std::to_string(limits::password_hash_bytes_max) + " bytes.");
    return std::nullopt;
  }
  auto reading = ImportedHashReader::Read(text);
  if (auto* const hash = std::get_if<ImportedHash>(&reading)) return std::move(*hash);
  Report(std::get<HashRefusal>(reading), report);
  return std::nullopt;
}

}  // namespace

bool BringsPasswordHash(const SecretString& cell) { return !TrimWhiteSpace(cell.Reveal()).empty(); }

std::optional<ImportedHash> CheckPasswordHash(const SecretString& cell, bool beside_password,
                                              RowReport& report) {
  const std::string_view text = TrimWhiteSpace(cell.Reveal());
  if (text.empty()) return std::nullopt;
  if (beside_password) {
    report.Reject(column, FieldIssueCode::kPasswordHashAndPassword,
                  "The row has both a password and the hash of one: empty one of the two cells.");
  }
  if (!IsUtf8(text)) {
    report.Reject(column, FieldIssueCode::kInvalidUtf8,
                  "The hash is not UTF-8, for its byte " +
                      std::to_string(ValidUtf8Prefix(cell.Reveal()) + 1) +
                      " stands for no character: save the file with the encoding UTF-8.");
    return std::nullopt;
  }
  std::optional<ImportedHash> hash = ReadHash(text, report);
  if (hash && text.size() < cell.size()) {
    report.Warn(column, FieldIssueCode::kTrimmed, "White space around the value was removed.");
  }
  return hash;
}

bool LooksHashed(std::string_view password) {
  const auto reading = ImportedHashReader::Read(password);
  const auto* const refusal = std::get_if<HashRefusal>(&reading);
  return refusal == nullptr || refusal->fault == HashFault::kTooWeak ||
         refusal->fault == HashFault::kTooCostly;
}

}  // namespace provisioning
