// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "service/model/caller.h"
#include "service/model/import_options.h"
#include "service/model/organization_id.h"
#include "service/model/uuid.h"

namespace provisioning {

// What a stream's first message says, checked.
struct StreamStart {
  OrganizationId organization_id;
  Uuid import_id = {};  // Nil with validate_only.
  std::string session_id = {};
  std::int64_t attempt = 0;
  std::optional<std::int64_t> answered_through_row = {};
  bool validate_only = false;
  ImportOptions options = {};
  std::int64_t rejected_rows_max = 0;  // 0: no limit.
  Caller caller = {};
  // Asked before each batch: an error ends the stream there, and what was committed
  // before is answered. Empty: always OK.
  std::function<absl::Status()> may_go_on = {};
};

}  // namespace provisioning
