// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "service/credential/credential_factory.h"
#include "service/model/caller.h"
#include "service/model/clock.h"
#include "service/model/organization_id.h"
#include "service/model/secret_string.h"
#include "service/store/identity_store.h"

namespace provisioning {

// What somebody typed, as it stands to the account of an address.
struct CheckedPassword {
  enum class Verdict {
    kRight,   // It is the account's password, or its temporary one.
    kWrong,   // It is not, or there is no such account.
    kLocked,  // Nothing was checked.
  };
  Verdict verdict = Verdict::kWrong;
  std::optional<SignInAccount> account;  // Only with kRight.
  SecretString password;                 // Only with kRight: the form of it that is right.
};

// Whether a password is right, so that nobody who guesses gets more tries than the
// limits allow, or learns who has an account: an address that nobody has fails,
// waits and locks as any other does, takes the same hash and the same kind of
// write. (What takes another time is an imported hash with another cost than ours,
// until its owner has signed in once.)
//
//   find the account -> count a failure -> one hash -> right: forget the failures
//
// The failure is counted before the hash, so that no number of tries at the same
// time, and no kill of the process, gives anybody one more. Any thread.
class PasswordCheck {
 public:
  // All outlive it. Hashes once.
  PasswordCheck(IdentityStore& store, const CredentialFactory& factory, const Clock& clock,
                const FailureLimits& limits);

  // `email_address`: as somebody typed it. Blocks for the time of one hash.
  // kTooManyFailures: it is too early, WaitOf() says by how much; nothing was
  // checked or counted. Otherwise the store's errors.
  absl::StatusOr<CheckedPassword> Check(const OrganizationId& organization_id,
                                        std::string_view email_address,
                                        const SecretString& password, const Caller& caller) const;

 private:
  FailureKey KeyOf(const OrganizationId& organization_id, const std::string& address,
                   const std::optional<SignInAccount>& account) const;
  bool IsRight(const std::optional<SignInAccount>& account, const SecretString& form) const;
  // The form that is right; empty: none is. Takes the time of one hash, or, with a
  // password that has two forms, of two: whoever has the address.
  SecretString RightForm(const std::optional<SignInAccount>& account,
                         const SecretString& password) const;

  IdentityStore& store_;
  const Clock& clock_;
  const FailureLimits limits_;
  const Credential dummy_;  // Nobody's, at the cost of everybody's.
  const Credential dummy_generated_;
};

}  // namespace provisioning
