// SPDX-License-Identifier: Apache-2.0
#include "service/store/claim_arbiter.h"

#include <string>

#include "service/model/error.h"

namespace provisioning {
namespace {

// The name of a pinned option that differs; empty: none does.
std::string_view DifferingOption(const ImportOptions& pinned, const ImportOptions& claimed) {
  // A request's id and an import's id are of one kind.
  if (pinned.single_client != claimed.single_client) {
    return claimed.single_client ? "request_id" : "import_id";
  }
  if (pinned.missing_password != claimed.missing_password) return "missing_password";
  if (pinned.existing_account != claimed.existing_account) return "existing_account";
  if (pinned.temporary_password_ttl != claimed.temporary_password_ttl) {
    return "temporary_password_ttl";
  }
  const bool both_given = !pinned.source_sha256.empty() && !claimed.source_sha256.empty();
  if (both_given && pinned.source_sha256 != claimed.source_sha256) return "source_sha256";
  return {};
}

ImportRecord NewRecord(const ImportClaim& claim) {
  return {.key = claim.key,
          .state = ImportState::kOpen,
          .settled_through_row = 0,
          .rows = {},
          .options = claim.options,
          .session_id = {},
          .attempt = 0,
          .stream_count = 0,
          .create_time = claim.now,
          .update_time = claim.now,
          .reverted_clients = 0};
}

}  // namespace

absl::StatusOr<ImportRecord> DecideClaim(const ImportClaim& claim,
                                         const std::optional<ImportRecord>& existing) {
  ImportRecord record = existing ? *existing : NewRecord(claim);
  if (record.state == ImportState::kReverting || record.state == ImportState::kReverted) {
    return MakeError(ErrorReason::kImportReverted,
                     "the import was undone, and takes no rows any more; use a new import");
  }
  const bool same_session = !claim.session_id.empty() && claim.session_id == record.session_id;
  if (same_session && claim.attempt < record.attempt) {
    return MakeError(ErrorReason::kTakenOver, "a later attempt of this session holds the import");
  }
  if (const auto option = DifferingOption(record.options, claim.options); !option.empty()) {
    return MakeError(ErrorReason::kOptionsDiffer, "the import's first stream said something else",
                     option);
  }
  if (claim.answered_through_row.value_or(0) > record.settled_through_row) {
    return MakeRowError(ErrorReason::kStoreBehind, "the store holds less than was answered",
                        record.settled_through_row);
  }
  ++record.stream_count;
  record.session_id = claim.session_id;
  record.attempt = claim.attempt;
  record.update_time = claim.now;
  return record;
}

}  // namespace provisioning
