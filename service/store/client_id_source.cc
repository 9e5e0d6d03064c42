// SPDX-License-Identifier: Apache-2.0
#include "service/store/client_id_source.h"

namespace provisioning {
namespace {

// The smallest step that an id can show.
constexpr absl::Duration tick = absl::Microseconds(1);

// Ids may run ahead of the clock by this much (a burst, a clock that was set
// back); beyond it they follow the clock again.
constexpr absl::Duration lead_max = absl::Minutes(10);

}  // namespace

Uuid ClientIdSource::Next(absl::Time now) {
  const absl::Time next = last_ + tick;
  last_ = next > now && next - now <= lead_max ? next : now;
  return Uuid::NewV7(last_);
}

}  // namespace provisioning
