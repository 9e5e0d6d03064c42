// SPDX-License-Identifier: Apache-2.0
#include "service/store/revert_decision.h"

namespace provisioning {

std::optional<KeptReason> ReasonToKeep(const AccountFacts& account) {
  if (account.used) return KeptReason::kUsed;
  if (account.credential_set_by != account.created_by) return KeptReason::kPasswordReissued;
  if (account.profile_changed) return KeptReason::kProfileChanged;
  return std::nullopt;
}

}  // namespace provisioning
