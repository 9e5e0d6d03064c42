// SPDX-License-Identifier: Apache-2.0
// The account after its import. Knows neither gRPC nor SQL.
//
//   PENDING --ActivateClient--> ACTIVE
//      ^  \__ reissue __/ |       |
//      |                  |       | reissue with reset_active
//      +------------------+-------+        any of them --DeleteClient--> gone
//
// Locked follows from the failures that password_check.h counts, expired from the
// clock.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "service/account/password_check.h"
#include "service/credential/credential_factory.h"
#include "service/model/caller.h"
#include "service/model/clock.h"
#include "service/model/field_issue.h"
#include "service/model/limits.h"
#include "service/model/row_result.h"
#include "service/store/identity_store.h"

namespace provisioning {

struct AccountOptions {
  FailureLimits failures;
  // Of a password that a client chooses for good; from
  // limits::password_characters_min.
  int new_password_characters_min = limits::password_characters_min;
  absl::Duration temporary_password_ttl_min = limits::temporary_password_ttl_min;
};

// What a client types, and where.
struct SignInRequest {
  OrganizationId organization_id;
  std::string email_address;  // As it was typed.
  SecretString password;
  Caller caller;
};

// The numbers of provisioning.v1.ActivateClientOutcome.
enum class ActivateOutcome {
  kActivated = 1,
  kPasswordRefused = 2,
  kWrong = 3,
  kExpired = 4,
  kLocked = 5,
  kAlreadyActive = 6,
};
struct ActivateAnswer {
  ActivateOutcome outcome = ActivateOutcome::kWrong;
  std::vector<FieldIssue> violations;  // Only with kPasswordRefused.
  Uuid client_id;                      // Only with kActivated.
};

// The numbers of provisioning.v1.VerifyPasswordOutcome.
enum class VerifyOutcome {
  kOk = 1,
  kWrong = 2,
  kMustActivate = 3,
  kExpired = 4,
  kLocked = 5,
};
struct VerifyAnswer {
  VerifyOutcome outcome = VerifyOutcome::kWrong;
  Uuid client_id;  // Only with a right password.
};

// Whose password is to be made anew.
struct ReissueRequest {
  ClientRecord client;
  SecretString password;  // Empty: one is generated.
  absl::Duration ttl;
  bool reset_active = false;
  std::optional<Uuid> import_id;
  Caller caller;
};

// Any thread. All methods block, on the store and for the time of a hash; run
// them where an import's passwords are not hashed, so that none of its millions
// locks a client out. Errors: the store's, and those that are named.
class AccountCore {
 public:
  // All outlive it.
  AccountCore(IdentityStore& store, const CredentialFactory& factory, const Clock& clock,
              const AccountOptions& options);

  // kTooManyFailures: see PasswordCheck.
  absl::StatusOr<ActivateAnswer> Activate(const SignInRequest& request,
                                          const SecretString& new_password) const;
  // kTooManyFailures: see PasswordCheck.
  absl::StatusOr<VerifyAnswer> VerifyPassword(const SignInRequest& request) const;
  // REISSUED, or REJECTED with what is wrong with the password. kOptionInvalid
  // (temporary_password_ttl), kClientNotFound, kClientActive, kPasswordReplaced.
  absl::StatusOr<RowResult> ReissuePassword(ReissueRequest request) const;

  const AccountOptions& options() const { return options_; }

 private:
  std::optional<Credential> HashedPassword(ReissueRequest& request, RowResult& result) const;
  absl::Status NoteSignIn(const SignInRequest& request, const CheckedPassword& checked) const;

  IdentityStore& store_;
  const CredentialFactory& factory_;
  const Clock& clock_;
  const AccountOptions options_;
  const PasswordCheck check_;
};

}  // namespace provisioning
