// SPDX-License-Identifier: Apache-2.0
// Rows, as they come out of the rules, and batches of them.
#pragma once

#include <memory>
#include <string>
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
};

enum class TestCredential { kNone, kGenerated, kGiven };

std::optional<Credential> MakeCredential(TestCredential kind);

// The row through the rules; a row without a password is not against them.
PreparedRow Prepare(const TestRow& row, TestCredential credential);

OrganizationId Organization(std::string_view text);

// With an address that no rule takes.
TestRow RejectedRow(std::int64_t number);

}  // namespace provisioning
