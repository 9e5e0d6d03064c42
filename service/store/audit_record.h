// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "service/model/caller.h"
#include "service/model/organization_id.h"
#include "service/model/row_result.h"
#include "service/model/uuid.h"

namespace provisioning {

// What was done. Numbers are stored: they keep their meaning for ever.
enum class AuditEvent {
  kImportClaimed = 1,    // A stream took the import over, or opened it.
  kImportCompleted = 2,  // With the import's rows by outcome.
  kClientCreated = 3,    // By CreateClient.
  kClientActivated = 4,
  kClientLocked = 5,      // The last failure that is allowed.
  kPasswordReissued = 6,  // Of a pending client.
  kPasswordReset = 7,     // Of an active one, who is pending now.
  kClientErased = 8,
  kRevertBegun = 9,
  kClientsReverted = 10,  // Some of the import's clients; `clients` says how many.
  kRevertEnded = 11,      // `clients`: all that were removed.
};

// "import.claimed" ...
std::string_view AuditEventName(AuditEvent event);

// One line of the audit. No personal data: it outlives the client.
struct AuditRecord {
  std::int64_t audit_id = 0;  // From 1, rising; the store gives it.
  absl::Time time;
  OrganizationId organization_id;
  Caller caller = {};
  AuditEvent event = AuditEvent::kImportClaimed;
  std::optional<Uuid> import_id = {};
  std::optional<Uuid> client_id = {};
  OutcomeCounts rows = {};   // Only of kImportCompleted.
  std::int64_t clients = 0;  // Only of a revert.
};

}  // namespace provisioning
