// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "provisioning/v1/client_provisioning_service.pb.h"

namespace provisioning {

// One import of a fault run: what is sent, and what must be answered, whatever
// happens on the way.
struct ImportPlan {
  struct Row {
    v1::ClientRow row;
    v1::RowOutcome outcome;
    std::int64_t first_row_number = 0;
  };

  v1::ImportStart start;
  std::vector<Row> rows;
};

// The kinds of rows that a run is about.
enum class PlanKind { kGenerated, kProvided, kUpdate, kReissue };

// The clients that exist before the faults begin: "old0" to "old<count-1>".
inline constexpr int old_client_count = 200;
ImportPlan PlanOldClients(std::mt19937_64& random);

// The `sequence`-th import of its kind; address sets of different imports are
// disjoint, but for the old clients: updates have the first half of them to
// themselves, reissues the second.
ImportPlan MakePlan(PlanKind kind, int sequence, std::mt19937_64& random);

}  // namespace provisioning
