// SPDX-License-Identifier: Apache-2.0
// An account in each state that it can come into.
#pragma once

#include <optional>
#include <ostream>
#include <string>

#include "service/store/identity_store.h"
#include "tests/store_contract/test_import.h"
#include "tests/support/fake_clock.h"

namespace provisioning {

enum class Life {
  kPending,
  kExpired,            // The temporary password is too old.
  kLocked,             // Nobody may try a password any more.
  kReissued,           // Got a new temporary password by hand.
  kReissuedForImport,  // Got one for the import that made the account.
  kActivated,
  kReset,  // Activated, and then given a new temporary password.
  kErased,
};
inline constexpr Life all_lives[] = {
    Life::kPending,           Life::kExpired,   Life::kLocked, Life::kReissued,
    Life::kReissuedForImport, Life::kActivated, Life::kReset,  Life::kErased};
const char* LifeName(Life life);
inline void PrintTo(Life life, std::ostream* out) { *out << LifeName(life); }

inline const Caller test_caller{"support"};

// Enough for a test to lock an account, and without waits.
inline constexpr FailureLimits few_failures{.failures_max = 3, .failures_without_wait = 3};

// Everything that the store tells of a client, for comparing.
std::string KnownOf(IdentityStore& store, const OrganizationId& organization_id,
                    const Uuid& client_id, const std::string& email_address);
// The whole audit.
std::vector<AuditRecord> AuditOf(IdentityStore& store);

// Row 1 of an import of its own made it, with a generated password.
class TestAccount {
 public:
  // In `life`. The address says which, so that one of each can be in a store.
  TestAccount(IdentityStore& store, FakeClock& clock, const OrganizationId& organization_id,
              Life life);

  absl::StatusOr<bool> Activate(const std::string& expected_credential) const;
  Activation MakeActivation(const std::string& expected_credential) const;
  struct ReissueOptions {
    bool reset_active = false;
    std::optional<Uuid> import_id = {};
  };
  absl::StatusOr<ReissueAnswer> Reissue(const ReissueOptions& options) const;
  provisioning::Reissue MakeReissue(const ReissueOptions& options) const;
  absl::StatusOr<bool> Erase() const;
  // Until it is locked.
  void Lock() const;

  std::optional<ClientRecord> Record() const;
  std::optional<AccountFacts> Facts() const;
  std::optional<SignInAccount> SignIn() const;
  std::string Known() const {
    return KnownOf(store_, organization_id_, client_id_, row_.email_address);
  }

  const Uuid& client_id() const { return client_id_; }
  // The credential that it has, or had before it was erased.
  const std::string& credential() const { return credential_; }
  // The row that made it.
  const TestRow& row() const { return row_; }
  const TestImport& import() const { return import_; }
  TestImport& import() { return import_; }

 private:
  void BringTo(Life life);
  void ReadCredential();

  IdentityStore& store_;
  FakeClock& clock_;
  const OrganizationId organization_id_;
  const TestRow row_;
  TestImport import_;
  Uuid client_id_;
  std::string credential_;
};

}  // namespace provisioning
