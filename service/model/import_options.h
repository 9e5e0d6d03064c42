// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/time/time.h"
#include "service/model/limits.h"

namespace provisioning {

// What to do with a row that has no password.
enum class MissingPassword { kReject, kGenerate };

// What to do with a row whose address the organization has already.
enum class ExistingAccount { kReport, kUpdateProfile, kReissuePending };

// What the first stream of an import says for all of them. Later streams must
// say the same, but for source_name, and source_sha256 where either is empty.
struct ImportOptions {
  MissingPassword missing_password = MissingPassword::kReject;
  ExistingAccount existing_account = ExistingAccount::kReport;
  absl::Duration temporary_password_ttl = limits::temporary_password_ttl_default;
  std::string source_name;
  std::string source_sha256;
  // It is no import but a CreateClient: one row, and not listed.
  bool single_client = false;
};

}  // namespace provisioning
