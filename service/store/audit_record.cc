// SPDX-License-Identifier: Apache-2.0
#include "service/store/audit_record.h"

namespace provisioning {

std::string_view AuditEventName(AuditEvent event) {
  switch (event) {
    case AuditEvent::kImportClaimed:
      return "import.claimed";
    case AuditEvent::kImportCompleted:
      return "import.completed";
    case AuditEvent::kClientCreated:
      return "client.created";
    case AuditEvent::kClientActivated:
      return "client.activated";
    case AuditEvent::kClientLocked:
      return "client.locked";
    case AuditEvent::kPasswordReissued:
      return "password.reissued";
    case AuditEvent::kPasswordReset:
      return "password.reset";
    case AuditEvent::kClientErased:
      return "client.erased";
    case AuditEvent::kRevertBegun:
      return "revert.begun";
    case AuditEvent::kClientsReverted:
      return "revert.clients";
    case AuditEvent::kRevertEnded:
      return "revert.ended";
  }
  return "";
}

}  // namespace provisioning
