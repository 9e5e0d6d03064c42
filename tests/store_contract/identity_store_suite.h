// SPDX-License-Identifier: Apache-2.0
// The fixture of the conformance suite. A store joins it with one file that
// instantiates IdentityStoreSuite with its StoreEngine.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "tests/store_contract/store_harness.h"
#include "tests/store_contract/test_import.h"
#include "tests/support/fake_clock.h"

namespace provisioning {

class IdentityStoreSuite : public testing::TestWithParam<StoreEngine> {
 protected:
  void SetUp() override;
  // Closes the store and opens it again.
  void Reopen();

  // An import of `organization`, claimed.
  TestImport NewImport(ImportOptions options = With(ExistingAccount::kReport));
  TestImport NewImportOf(const OrganizationId& organization_id,
                         ImportOptions options = With(ExistingAccount::kReport));

  std::optional<ClientRecord> Client(const std::string& email_address);
  std::optional<AccountFacts> Account(const std::string& email_address);
  void Erase(const std::string& email_address);
  // Activates the account.
  void Use(const std::string& email_address);

  const OrganizationId organization = Organization("clinic-1");
  const OrganizationId other_organization = Organization("clinic-2");

  const Caller caller{"test"};

  FakeClock clock_;
  std::unique_ptr<StoreHarness> harness_;
  std::unique_ptr<IdentityStore> store_;
};

}  // namespace provisioning
