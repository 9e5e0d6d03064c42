// SPDX-License-Identifier: Apache-2.0
#include "tests/store_contract/test_rows.h"

#include <variant>

#include "service/credential/credential_factory.h"
#include "service/hash_format/imported_hash_reader.h"
#include "service/rules/row_rules.h"
#include "tests/support/fake_clock.h"

namespace provisioning {
std::optional<Credential> MakeCredential(TestCredential kind) {
  static const CredentialFactory factory{HashCost()};
  // Hashing takes long, and no test here verifies what it gave.
  static const std::optional<Credential> given = factory.Hash(SecretString("correct horse"));
  switch (kind) {
    case TestCredential::kNone:
      return std::nullopt;
    case TestCredential::kGenerated:
      return factory.Generate().credential;
    case TestCredential::kGiven:
      return given;
    case TestCredential::kImported:
      return CredentialFactory::Imported(
          std::get<ImportedHash>(ImportedHashReader::Read(test_hash)));
  }
  return std::nullopt;
}

PreparedRow Prepare(const TestRow& row, TestCredential credential) {
  static const FakeClock clock;
  static const RowRules rules(clock);
  ClientRow cells;
  cells.row_number = row.number;
  cells.email_address = row.email_address;
  cells.initial_password = SecretString(row.password);
  cells.first_name = row.first_name;
  cells.last_name = row.last_name;
  cells.birthdate = row.birthdate;
  cells.gender = row.gender;
  cells.password_hash = SecretString(row.password_hash);
  return {rules.Check(std::move(cells), PasswordNeed::kOptional), MakeCredential(credential)};
}

OrganizationId Organization(std::string_view text) { return OrganizationId::Parse(text).value(); }

TestRow RejectedRow(std::int64_t number) { return {.number = number, .email_address = "nobody"}; }

}  // namespace provisioning
