// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "service/account/account_core.h"
#include "service/store/sqlite/sqlite_identity_store.h"
#include "tests/store_contract/test_import.h"
#include "tests/support/fake_clock.h"
#include "tests/support/forwarding_store.h"
#include "tests/support/temp_folder.h"

namespace provisioning {

// Notes what the store is asked to do about a sign-in, in order. Any thread.
class RecordingStore final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

  std::vector<std::string> TakeCalls();
  // What every attempt is answered from now on, if not what the store says.
  void AnswerAttempts(absl::StatusOr<AttemptAnswer> answer);
  // No sign-in can be recorded from now on.
  void FailSignIns(absl::Status error);

  absl::StatusOr<std::optional<SignInAccount>> FindSignInAccount(
      const OrganizationId& organization_id, const std::string& email_address) override;
  absl::StatusOr<AttemptAnswer> CountAttempt(const FailureKey& key, const FailureLimits& limits,
                                             absl::Time now) override;
  absl::Status ForgetFailures(const FailureKey& key) override;
  void RecordLocked(const OrganizationId& organization_id, const Uuid& client_id,
                    const Caller& caller, absl::Time now) override;
  absl::StatusOr<bool> Activate(const Activation& activation) override;
  absl::Status RecordSignIn(const SignIn& sign_in) override;

 private:
  void Note(const char* call);

  std::mutex mutex_;
  std::vector<std::string> calls_;                       // Guarded by mutex_.
  std::optional<absl::StatusOr<AttemptAnswer>> answer_;  // Guarded by mutex_.
  absl::Status sign_in_error_;                           // Guarded by mutex_.
};

// The account core on a real embedded store in a temp folder, with a clock that
// stands still and a hash that costs next to nothing.
class AccountFixture : public testing::Test {
 protected:
  AccountFixture();

  void SetOptions(const AccountOptions& options);
  void SetHashCost(const HashCost& cost);
  // What was queued is done, and what is stored is read anew.
  void Reopen();

  // Clients of `organization`. Pending ones have a week.
  std::string MakeGenerated(const std::string& email_address);  // The temporary password.
  void MakeGiven(const std::string& email_address, std::string_view password);
  // Active, and nobody has signed in yet; the password is hashed as it stands.
  void MakeActive(const std::string& email_address, std::string_view password);
  void MakeWithHash(const std::string& email_address, std::string_view hash);

  absl::StatusOr<VerifyAnswer> Verify(const std::string& email_address, std::string_view password);
  absl::StatusOr<ActivateAnswer> Activate(const std::string& email_address,
                                          std::string_view password,
                                          std::string_view new_password = good_password);
  // What was answered; an error fails the test.
  VerifyOutcome Verified(const std::string& email_address, std::string_view password);
  ActivateOutcome Activated(const std::string& email_address, std::string_view password,
                            std::string_view new_password = good_password);

  std::optional<ClientRecord> Client(const std::string& email_address);
  std::string CredentialOf(const std::string& email_address);
  int FailuresOf(const std::string& email_address);
  // Wrong ones, each as soon as it may be.
  void Fail(const std::string& email_address, int times);

  static constexpr std::string_view good_password = "Harbour-Lantern-42";
  static constexpr std::string_view wrong_password = "Meadow-Compass-77";

  const OrganizationId organization = Organization("practice");
  const Caller caller{"login"};
  FakeClock clock_;
  std::unique_ptr<RecordingStore> store_;
  std::unique_ptr<CredentialFactory> factory_;
  std::unique_ptr<AccountCore> core_;

 private:
  void Make(const std::string& email_address, Credential credential);
  void MakeCore();
  SignInRequest Request(const std::string& email_address, std::string_view password) const;

  const TempFolder folder_;
  AccountOptions options_;
  HashCost hash_cost_{.memory_kib = 8, .iterations = 1};
  std::unique_ptr<IdentityStore> real_store_;
};

}  // namespace provisioning
