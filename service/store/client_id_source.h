// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/time/time.h"
#include "service/model/uuid.h"

namespace provisioning {

// Ids that rise with every call, so that clients sort by the order in which they
// were made. One thread at a time.
class ClientIdSource {
 public:
  Uuid Next(absl::Time now);

 private:
  absl::Time last_ = absl::InfinitePast();
};

}  // namespace provisioning
