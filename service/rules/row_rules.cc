// SPDX-License-Identifier: Apache-2.0
#include "service/rules/row_rules.h"

#include <algorithm>
#include <utility>

#include "service/rules/birthdate.h"
#include "service/rules/email_address.h"
#include "service/rules/gender.h"
#include "service/rules/name.h"
#include "service/rules/password.h"
#include "service/rules/password_hash.h"
#include "service/rules/row_report.h"

namespace provisioning {

RowRules::RowRules(const Clock& clock) : RowRules(clock, Options()) {}

RowRules::RowRules(const Clock& clock, const Options& options)
    : clock_(clock),
      options_{std::max(options.password_characters_min, limits::password_characters_min)} {}

CheckedRow RowRules::Check(ClientRow row, PasswordNeed need) const {
  CheckedRow checked;
  checked.row_number_ = row.row_number;
  RowReport report(row.initial_password, row.password_hash, checked.violations_, checked.warnings_);
  checked.email_address_ = CheckEmailAddress(std::move(row.email_address), report);
  checked.password_ =
      CheckPassword(row.initial_password,
                    need == PasswordNeed::kRequired && !BringsPasswordHash(row.password_hash),
                    static_cast<std::size_t>(options_.password_characters_min),
                    {LocalPartOf(checked.email_address_), row.first_name, row.last_name}, report);
  ClientProfile& profile = checked.profile_;
  profile.first_name = CheckName(Column::kFirstName, std::move(row.first_name), report);
  profile.last_name = CheckName(Column::kLastName, std::move(row.last_name), report);
  profile.birthdate = CheckBirthdate(row.birthdate, clock_, report);
  profile.gender = CheckGender(row.gender, report);
  checked.imported_hash_ =
      CheckPasswordHash(row.password_hash, !row.initial_password.empty(), report);
  if (!checked.accepted()) {
    checked.password_ = SecretString();
    checked.imported_hash_.reset();
  }
  return checked;
}

}  // namespace provisioning
