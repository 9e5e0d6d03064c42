// SPDX-License-Identifier: Apache-2.0
// What an IdentityStore is asked, and answers, about an account after its import.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "service/model/caller.h"
#include "service/model/credential.h"
#include "service/model/organization_id.h"
#include "service/model/uuid.h"

namespace provisioning {

// An account, as checking a password needs to know it.
struct SignInAccount {
  Uuid client_id;
  std::string credential;  // A PHC or modular-crypt string.
  bool pending = true;     // The credential is a temporary password's.
  bool used = false;       // Activated, or signed in to.
  absl::Time password_expires_at = absl::InfinitePast();  // Only while pending.
};

// Whose wrong passwords are counted together. The store knows nothing more of
// it: store/failure_key.h says who has which.
struct FailureKey {
  std::string organization_id;  // Empty: no organization's.
  Uuid subject;
  // A count under another generation is void: the first failure of this one
  // begins it anew.
  std::int64_t generation = 0;
};

// How many wrong passwords are allowed.
struct FailureLimits {
  // So many consecutive ones, from 1 (NIST SP 800-63B, 3.2.2: 100 at most).
  int failures_max = 100;
  // From this one on, each is followed by a wait: `wait_min` after this one,
  // twice as long after each further one, at most `wait_max`.
  int failures_without_wait = 10;
  absl::Duration wait_min = absl::Seconds(30);
  absl::Duration wait_max = absl::Hours(1);
};

// Whether a password may be checked.
struct AttemptAnswer {
  enum class Verdict {
    kCounted,   // It may; it counts as a failure until it is forgotten.
    kTooEarly,  // Not before `retry_after`; nothing was counted.
    kLocked,    // Not at all; nothing was counted.
  };
  Verdict verdict = Verdict::kLocked;
  int failures = 0;  // Consecutive ones, with this one if it was counted.
  absl::Duration retry_after = absl::ZeroDuration();  // Only with kTooEarly.
};

// The owner's own password takes the place of the temporary one.
struct Activation {
  OrganizationId organization_id;
  Uuid client_id;
  std::string expected_credential;  // The one whose password was checked.
  Credential credential;            // A lasting one.
  absl::Time now;
  Caller caller;
};

// Somebody has signed in.
struct SignIn {
  OrganizationId organization_id;
  Uuid client_id;
  std::string expected_credential;
  // The same password at the current cost; nothing: it has that already.
  std::optional<Credential> rehashed;
};

// A new temporary password takes the place of what there is.
struct Reissue {
  OrganizationId organization_id;
  Uuid client_id;
  Credential credential;  // A temporary one.
  absl::Time password_expires_at;
  bool reset_active = false;      // Also that of an active client, who is pending then.
  std::optional<Uuid> import_id;  // Only one that a row of this import set.
  absl::Time now;
  Caller caller;
};

enum class ReissueVerdict {
  kReissued,
  kNotFound,
  kActive,            // And reset_active was not said.
  kPasswordReplaced,  // It is not import_id's.
};

struct ReissueAnswer {
  ReissueVerdict verdict = ReissueVerdict::kNotFound;
  // Only with kReissued: with import_id the row of that import that set the
  // password, else the one that made the client; 0: no row did.
  std::int64_t row_number = 0;
};

// Why a client stays when its import is reverted; in order of precedence. The
// numbers of provisioning.v1.KeptReason.
enum class KeptReason { kUsed = 1, kPasswordReissued = 2, kProfileChanged = 3 };

struct KeptClient {
  std::int64_t row_number = 0;
  Uuid client_id;
  std::string email_address;
  KeptReason reason = KeptReason::kUsed;

  bool operator==(const KeptClient&) const = default;
};

// What a step of a revert has done.
struct RevertAnswer {
  std::int64_t removed = 0;
  std::vector<KeptClient> kept;  // In row order.
  std::int64_t through_row = 0;  // All rows up to this one are done.
  bool done = false;             // There are no more.
};

}  // namespace provisioning
