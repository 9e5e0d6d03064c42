// SPDX-License-Identifier: Apache-2.0
#include "service/store/revert_decision.h"

#include <gtest/gtest.h>

namespace provisioning {
namespace {

const RowReference this_row{*Uuid::Parse("00000000-0000-4000-8000-000000000001"), 7};
const RowReference next_row{this_row.import_id, 8};
const RowReference other_row{*Uuid::Parse("00000000-0000-4000-8000-000000000002"), 7};

TEST(RevertDecisionTest, EveryReasonInItsOrder) {
  using enum KeptReason;
  struct Case {
    const char* what;
    bool used;
    std::optional<RowReference> credential_set_by;
    bool profile_changed;
    std::optional<KeptReason> reason;
  };
  const Case cases[] = {
      {"untouched", false, this_row, false, std::nullopt},
      {"used", true, this_row, false, kUsed},
      {"the password is of nobody", false, std::nullopt, false, kPasswordReissued},
      {"of another import", false, other_row, false, kPasswordReissued},
      {"of another row", false, next_row, false, kPasswordReissued},
      {"changed", false, this_row, true, kProfileChanged},
      {"changed and reissued", false, std::nullopt, true, kPasswordReissued},
      {"used and changed", true, this_row, true, kUsed},
      {"all of it", true, std::nullopt, true, kUsed},
  };
  for (const Case& test : cases) {
    for (const bool pending : {true, false}) {
      AccountFacts account;
      account.created_by = this_row;
      account.pending = pending;
      account.used = test.used;
      account.credential_set_by = test.credential_set_by;
      account.profile_changed = test.profile_changed;
      EXPECT_EQ(ReasonToKeep(account), test.reason) << test.what;
    }
  }
}

}  // namespace
}  // namespace provisioning
