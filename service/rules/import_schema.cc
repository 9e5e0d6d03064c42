// SPDX-License-Identifier: Apache-2.0
#include "service/rules/import_schema.h"

#include <algorithm>
#include <iterator>

#include "service/model/limits.h"

namespace provisioning {
namespace {

// A character of UTF-8 has at most four.
constexpr int name_bytes_max = 4 * limits::name_characters_max;

// The hash of bcrypt; those of argon2id are longer.
constexpr int password_hash_bytes_min = 60;

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
    {Column::kPasswordHash, false, password_hash_bytes_min, limits::password_hash_bytes_max,
     limits::password_hash_bytes_max,
     "Instead of initial_password, for people who come from another product and keep their "
     "password: its hash of argon2id ($argon2id$v=19$m=...,t=...,p=...$salt$hash) or bcrypt ($2a$, "
     "$2b$, $2y$). Such an account is active at once.",
     "$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW"},
};

constexpr IssueCodeRule issue_code_rules[] = {
    {FieldIssueCode::kRequired, true, "REQUIRED", "A required cell is empty."},
    {FieldIssueCode::kInvalidUtf8, true, "INVALID_UTF8", "The bytes are not UTF-8."},
    {FieldIssueCode::kControlCharacter, true, "CONTROL_CHARACTER",
     "A control character (Unicode category Cc, NUL and line ends included)."},
    {FieldIssueCode::kTooLong, true, "TOO_LONG", "More characters or bytes than the field takes."},
    {FieldIssueCode::kTooShort, true, "TOO_SHORT", "Fewer characters than the field needs."},
    {FieldIssueCode::kSpreadsheetError, true, "SPREADSHEET_ERROR",
     "A spreadsheet's error value ('#N/A', '#REF!' ...) instead of text."},
    {FieldIssueCode::kSpreadsheetFormula, true, "SPREADSHEET_FORMULA",
     "A formula ('=\"00123\"') instead of its value."},
    {FieldIssueCode::kUnassignedCharacter, true, "UNASSIGNED_CHARACTER",
     "A character that Unicode has not assigned, or that text cannot carry."},
    {FieldIssueCode::kEmailUpperCase, true, "EMAIL_UPPER_CASE", "An upper-case letter."},
    {FieldIssueCode::kEmailAtSign, true, "EMAIL_AT_SIGN", "No '@', or more than one."},
    {FieldIssueCode::kEmailLocalPart, true, "EMAIL_LOCAL_PART",
     "The part before the '@' is not a dot-string of ASCII characters."},
    {FieldIssueCode::kEmailDomain, true, "EMAIL_DOMAIN",
     "The part behind the '@' is no domain name of at least two labels."},
    {FieldIssueCode::kEmailNotBare, true, "EMAIL_NOT_BARE",
     "More than an address: a display name, angle brackets, a list, a 'mailto:'."},
    {FieldIssueCode::kDateFormat, true, "DATE_FORMAT", "Not of the form YYYYMMDD."},
    {FieldIssueCode::kDateNotReal, true, "DATE_NOT_REAL", "No such day in the calendar."},
    {FieldIssueCode::kDateTooEarly, true, "DATE_TOO_EARLY", "Before 19000101."},
    {FieldIssueCode::kDateInFuture, true, "DATE_IN_FUTURE", "After today (UTC)."},
    {FieldIssueCode::kDateSerialNumber, true, "DATE_SERIAL_NUMBER",
     "A spreadsheet's day count ('29910') instead of a date."},
    {FieldIssueCode::kDateScientific, true, "DATE_SCIENTIFIC",
     "A number in scientific notation ('1.9811E+07'): digits are lost."},
    {FieldIssueCode::kPasswordCommon, true, "PASSWORD_COMMON",
     "A client's own password is among the first million that somebody would try."},
    {FieldIssueCode::kPasswordUnchanged, true, "PASSWORD_UNCHANGED",
     "A client's own password is the temporary one."},
    {FieldIssueCode::kPasswordContainsAddress, true, "PASSWORD_CONTAINS_ADDRESS",
     "A client's own password has the address in it."},
    {FieldIssueCode::kGenderValue, true, "GENDER_VALUE", "Neither 'M' nor 'F'."},
    {FieldIssueCode::kPasswordHashScheme, true, "PASSWORD_HASH_SCHEME",
     "No hash of a scheme that can be imported, which are argon2id ($argon2id$) and bcrypt ($2a$, "
     "$2b$, $2y$); a product's own prefix has to be cut off."},
    {FieldIssueCode::kPasswordHashFormat, true, "PASSWORD_HASH_FORMAT",
     "Begins as a hash of argon2id or bcrypt, and goes on otherwise."},
    {FieldIssueCode::kPasswordHashTooWeak, true, "PASSWORD_HASH_TOO_WEAK",
     "A hash that is too cheap to guess against: argon2id with m under 7168 or m times t under "
     "35840, bcrypt with a cost under 10."},
    {FieldIssueCode::kPasswordHashTooCostly, true, "PASSWORD_HASH_TOO_COSTLY",
     "A hash that would take too much at each sign-in: argon2id with m over 131072, t over 10, m "
     "times t over 524288 or p over 16, bcrypt with a cost over 14."},
    {FieldIssueCode::kPasswordHashAndPassword, true, "PASSWORD_HASH_AND_PASSWORD",
     "The row has both a password and the hash of one."},
    {FieldIssueCode::kExtraCell, true, "EXTRA_CELL",
     "A cell with content behind the last column of the header."},
    {FieldIssueCode::kUnclosedQuote, true, "UNCLOSED_QUOTE",
     "A quote that opens a cell and is never closed."},
    {FieldIssueCode::kTextAfterQuote, true, "TEXT_AFTER_QUOTE",
     "A character behind the quote that closes a cell."},
    {FieldIssueCode::kRecordTooLarge, true, "RECORD_TOO_LARGE",
     "A record too large to be a row of a spreadsheet."},
    {FieldIssueCode::kTrimmed, false, "TRIMMED", "White space around the value was removed."},
    {FieldIssueCode::kWeakPassword, false, "WEAK_PASSWORD", "The password is easy to guess."},
    {FieldIssueCode::kPasswordEdgeSpace, false, "PASSWORD_EDGE_SPACE",
     "The password begins or ends with white space, which is kept and which people lose when they "
     "copy it."},
    {FieldIssueCode::kEmailDomainTypo, false, "EMAIL_DOMAIN_TYPO",
     "The address's domain looks like a misspelt mail provider's."},
    {FieldIssueCode::kNameSuspicious, false, "NAME_SUSPICIOUS",
     "The name looks like something else: it has an '@' or a digit in it."},
    {FieldIssueCode::kInvisibleCharacter, false, "INVISIBLE_CHARACTER",
     "The name has characters that cannot be seen (zero width, direction marks)."},
    {FieldIssueCode::kBirthdateUnusual, false, "BIRTHDATE_UNUSUAL",
     "The age is unusual: under 5 or over 110 years."},
    {FieldIssueCode::kEmailDomainEncoded, false, "EMAIL_DOMAIN_ENCODED",
     "The domain was stored in its ASCII form (A-labels)."},
    {FieldIssueCode::kPasswordLooksHashed, false, "PASSWORD_LOOKS_HASHED",
     "'initial_password' is the hash of a password; it would become the password itself."},
    {FieldIssueCode::kPasswordNotRepeatable, false, "PASSWORD_NOT_REPEATABLE",
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
    if (rule.column == Column::kPasswordHash) continue;
    if (!header.empty()) header += ',';
    header += ColumnName(rule.column);
  }
  return header;
}

}  // namespace provisioning
