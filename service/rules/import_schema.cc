// SPDX-License-Identifier: Apache-2.0
#include "service/rules/import_schema.h"

#include <algorithm>
#include <iterator>

#include "service/model/limits.h"

namespace provisioning {
namespace {

// A character of UTF-8 has at most four.
constexpr int name_bytes_max = 4 * limits::name_characters_max;

constexpr ColumnRule column_rules[column_count] = {
    {Column::kEmailAddress, true, 5, limits::email_bytes_max, limits::email_bytes_max,
     "The address that the person signs in with, in lower case: ASCII letters, digits and the "
     "usual signs, an @, and a domain of at least two parts.",
     "anna.smith@example.com"},
    {Column::kInitialPassword, true, limits::password_characters_min,
     limits::password_characters_max, limits::password_bytes_max,
     "The temporary password: any characters that can be seen, and spaces. Not needed where the "
     "service makes it, or where existing clients are updated.",
     "Harbour-Lantern-42"},
    {Column::kFirstName, true, 1, limits::name_characters_max, name_bytes_max,
     "The first name: any text without line breaks.", "Anna"},
    {Column::kLastName, true, 1, limits::name_characters_max, name_bytes_max,
     "The last name: any text without line breaks.", "Smith"},
    {Column::kBirthdate, false, 8, 8, 8,
     "The date of birth as YYYYMMDD, from 19000101 to today (UTC), or nothing.", "19811120"},
    {Column::kGender, false, 1, 1, 1, "M or F, or nothing.", "F"},
};

constexpr IssueCodeRule issue_code_rules[] = {
    {FieldIssueCode::kRequired, "REQUIRED", true, "A required cell is empty."},
    {FieldIssueCode::kInvalidUtf8, "INVALID_UTF8", true, "The bytes are not UTF-8."},
    {FieldIssueCode::kControlCharacter, "CONTROL_CHARACTER", true,
     "A control character (Unicode category Cc, NUL and line ends included)."},
    {FieldIssueCode::kTooLong, "TOO_LONG", true, "More characters or bytes than the field takes."},
    {FieldIssueCode::kTooShort, "TOO_SHORT", true, "Fewer characters than the field needs."},
    {FieldIssueCode::kSpreadsheetError, "SPREADSHEET_ERROR", true,
     "A spreadsheet's error value ('#N/A', '#REF!' ...) instead of text."},
    {FieldIssueCode::kSpreadsheetFormula, "SPREADSHEET_FORMULA", true,
     "A formula ('=\"00123\"') instead of its value."},
    {FieldIssueCode::kUnassignedCharacter, "UNASSIGNED_CHARACTER", true,
     "A character that Unicode has not assigned, or that text cannot carry."},
    {FieldIssueCode::kEmailUpperCase, "EMAIL_UPPER_CASE", true, "An upper-case letter."},
    {FieldIssueCode::kEmailAtSign, "EMAIL_AT_SIGN", true, "No '@', or more than one."},
    {FieldIssueCode::kEmailLocalPart, "EMAIL_LOCAL_PART", true,
     "The part before the '@' is not a dot-string of ASCII characters."},
    {FieldIssueCode::kEmailDomain, "EMAIL_DOMAIN", true,
     "The part behind the '@' is no domain name of at least two labels."},
    {FieldIssueCode::kEmailNotBare, "EMAIL_NOT_BARE", true,
     "More than an address: a display name, angle brackets, a list, a 'mailto:'."},
    {FieldIssueCode::kDateFormat, "DATE_FORMAT", true, "Not of the form YYYYMMDD."},
    {FieldIssueCode::kDateNotReal, "DATE_NOT_REAL", true, "No such day in the calendar."},
    {FieldIssueCode::kDateTooEarly, "DATE_TOO_EARLY", true, "Before 19000101."},
    {FieldIssueCode::kDateInFuture, "DATE_IN_FUTURE", true, "After today (UTC)."},
    {FieldIssueCode::kDateSerialNumber, "DATE_SERIAL_NUMBER", true,
     "A spreadsheet's day count ('29910') instead of a date."},
    {FieldIssueCode::kDateScientific, "DATE_SCIENTIFIC", true,
     "A number in scientific notation ('1.9811E+07'): digits are lost."},
    {FieldIssueCode::kGenderValue, "GENDER_VALUE", true, "Neither 'M' nor 'F'."},
    {FieldIssueCode::kExtraCell, "EXTRA_CELL", true,
     "A cell with content behind the last column of the header."},
    {FieldIssueCode::kUnclosedQuote, "UNCLOSED_QUOTE", true,
     "A quote that opens a cell and is never closed."},
    {FieldIssueCode::kTextAfterQuote, "TEXT_AFTER_QUOTE", true,
     "A character behind the quote that closes a cell."},
    {FieldIssueCode::kRecordTooLarge, "RECORD_TOO_LARGE", true,
     "A record too large to be a row of a spreadsheet."},
    {FieldIssueCode::kTrimmed, "TRIMMED", false, "White space around the value was removed."},
    {FieldIssueCode::kWeakPassword, "WEAK_PASSWORD", false, "The password is easy to guess."},
    {FieldIssueCode::kPasswordEdgeSpace, "PASSWORD_EDGE_SPACE", false,
     "The password begins or ends with white space, which is kept and which people lose when they "
     "copy it."},
    {FieldIssueCode::kEmailDomainTypo, "EMAIL_DOMAIN_TYPO", false,
     "The address's domain looks like a misspelt mail provider's."},
    {FieldIssueCode::kNameSuspicious, "NAME_SUSPICIOUS", false,
     "The name looks like something else: it has an '@' or a digit in it."},
    {FieldIssueCode::kInvisibleCharacter, "INVISIBLE_CHARACTER", false,
     "The name has characters that cannot be seen (zero width, direction marks)."},
    {FieldIssueCode::kBirthdateUnusual, "BIRTHDATE_UNUSUAL", false,
     "The age is unusual: under 5 or over 110 years."},
    {FieldIssueCode::kEmailDomainEncoded, "EMAIL_DOMAIN_ENCODED", false,
     "The domain was stored in its ASCII form (A-labels)."},
    {FieldIssueCode::kPasswordNotRepeatable, "PASSWORD_NOT_REPEATABLE", false,
     "A replay whose generated password was used or replaced since, so that it can be neither "
     "repeated nor renewed. 'field' is 'initial_password'. To give the client a password again, "
     "reissue it (an import with REISSUE_PENDING)."},
};

static_assert(std::ranges::is_sorted(issue_code_rules, {}, &IssueCodeRule::code));

}  // namespace

std::span<const ColumnRule> ColumnRules() { return column_rules; }

std::span<const IssueCodeRule> IssueCodeRules() { return issue_code_rules; }

std::string_view FieldIssueCodeName(FieldIssueCode code) {
  const auto* rule = std::ranges::lower_bound(issue_code_rules, code, {}, &IssueCodeRule::code);
  return rule != std::end(issue_code_rules) && rule->code == code ? rule->name : "";
}

std::string TemplateHeader() {
  std::string header;
  for (const ColumnRule& rule : column_rules) {
    if (!header.empty()) header += ',';
    header += ColumnName(rule.column);
  }
  return header;
}

}  // namespace provisioning
