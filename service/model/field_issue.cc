// SPDX-License-Identifier: Apache-2.0
#include "service/model/field_issue.h"

namespace provisioning {

std::string_view ColumnName(Column column) {
  switch (column) {
    case Column::kEmailAddress:
      return "email_address";
    case Column::kInitialPassword:
      return "initial_password";
    case Column::kFirstName:
      return "first_name";
    case Column::kLastName:
      return "last_name";
    case Column::kBirthdate:
      return "birthdate";
    case Column::kGender:
      return "gender";
    case Column::kPasswordHash:
      return "password_hash";
  }
  return "";
}

}  // namespace provisioning
