// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace provisioning {

// The columns of a row, in the order in which their issues are reported.
enum class Column {
  kEmailAddress,
  kInitialPassword,
  kFirstName,
  kLastName,
  kBirthdate,
  kGender,
  kPasswordHash,
};
inline constexpr int column_count = 7;

// The column's name in the contract: "email_address" ...
std::string_view ColumnName(Column column);

// The codes of provisioning.v1.FieldIssueCode, with its numbers; what each means
// is said there. A test holds the two against each other.
enum class FieldIssueCode {
  kRequired = 1,
  kInvalidUtf8 = 2,
  kControlCharacter = 3,
  kTooLong = 4,
  kTooShort = 5,
  kSpreadsheetError = 6,
  kSpreadsheetFormula = 7,
  kUnassignedCharacter = 8,
  kEmailUpperCase = 20,
  kEmailAtSign = 21,
  kEmailLocalPart = 22,
  kEmailDomain = 23,
  kEmailNotBare = 24,
  kDateFormat = 40,
  kDateNotReal = 41,
  kDateTooEarly = 42,
  kDateInFuture = 43,
  kDateSerialNumber = 44,
  kDateScientific = 45,
  kPasswordCommon = 50,
  kPasswordUnchanged = 51,
  kPasswordContainsAddress = 52,
  kGenderValue = 60,
  kPasswordHashScheme = 70,
  kPasswordHashFormat = 71,
  kPasswordHashTooWeak = 72,
  kPasswordHashTooCostly = 73,
  kPasswordHashAndPassword = 74,
  kExtraCell = 80,
  kUnclosedQuote = 81,
  kTextAfterQuote = 82,
  kRecordTooLarge = 83,
  kTrimmed = 100,
  kWeakPassword = 101,
  kPasswordEdgeSpace = 102,
  kEmailDomainTypo = 103,
  kNameSuspicious = 104,
  kInvisibleCharacter = 105,
  kBirthdateUnusual = 106,
  kEmailDomainEncoded = 107,
  kPasswordLooksHashed = 108,
  kPasswordNotRepeatable = 120,
};

// One thing to say about one field: a violation or a warning.
struct FieldIssue {
  std::string field;  // A column's name; what a file's reader finds may name another cell.
  FieldIssueCode code = FieldIssueCode::kRequired;
  std::string message;     // For people; never holds a password.
  std::string suggestion;  // At most 254 bytes; empty: none.

  bool operator==(const FieldIssue&) const = default;
};

}  // namespace provisioning
