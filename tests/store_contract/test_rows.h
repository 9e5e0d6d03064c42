// SPDX-License-Identifier: Apache-2.0
// Rows, as they come out of the rules, and batches of them.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "service/model/organization_id.h"
#include "service/store/identity_store.h"

namespace provisioning {

struct TestRow {
  std::int64_t number = 0;
  std::string email_address;
  std::string password = "";
  std::string first_name = "Ann";
  std::string last_name = "Lee";
  std::string birthdate = "";
  std::string gender = "";
  std::string password_hash = "";
};

// Of "allmine": bcrypt at the least cost that is taken.
inline constexpr std::string_view test_hash =
    "$2a$10$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga";

// kImported is of test_hash.
enum class TestCredential { kNone, kGenerated, kGiven, kImported };

std::optional<Credential> MakeCredential(TestCredential kind);

// The row through the rules; a row without a password is not against them.
PreparedRow Prepare(const TestRow& row, TestCredential credential);

OrganizationId Organization(std::string_view text);

// With an address that no rule takes.
TestRow RejectedRow(std::int64_t number);

}  // namespace provisioning
