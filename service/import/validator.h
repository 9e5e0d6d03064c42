// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "service/credential/credential_factory.h"
#include "service/credential/fingerprint.h"
#include "service/import/ready_row.h"
#include "service/import/stream_start.h"
#include "service/store/identity_store.h"

namespace provisioning {

// Answers the rows of a validate_only stream: the decisions of an import, on
// what the store and the stream's earlier rows say, without writing anything.
//
// Duplicates are found by a fingerprint of the address, for as many rows as the
// stream and the process may remember; each costs about 50 bytes.
class Validator {
 public:
  struct Limits {
    std::int64_t stream_rows_max;
    std::int64_t all_streams_rows_max;
  };

  // `rows_remembered`: by all validators of the process; outlives them.
  Validator(IdentityStore& store, const CredentialFactory& factory, const StreamStart& start,
            const Limits& limits, std::atomic<std::int64_t>& rows_remembered);
  ~Validator();
  Validator(const Validator&) = delete;
  Validator& operator=(const Validator&) = delete;

  // One result for each row. Blocks on the store.
  absl::StatusOr<std::vector<RowResult>> Answer(std::vector<ReadyRow> rows);

  // Duplicates are found through this row; 0: no row yet.
  std::int64_t duplicates_checked_through_row() const { return checked_through_row_; }

 private:
  RowResult AnswerRow(ReadyRow& row, const std::optional<AccountFacts>& account);
  void Remember(absl::uint128 fingerprint, std::int64_t row_number);

  IdentityStore& store_;
  const Limits limits_;
  std::atomic<std::int64_t>& rows_remembered_;
  ImportBatch options_;                       // Without rows: the policies that decide.
  std::optional<Credential> any_credential_;  // Stands for the one that an import would make.
  const OrganizationId organization_id_;
  const bool generates_;
  const Fingerprint fingerprint_;
  absl::flat_hash_map<absl::uint128, std::int64_t> first_rows_;  // By the address's fingerprint.
  bool remembers_all_ = true;
  std::int64_t checked_through_row_ = 0;
};

}  // namespace provisioning
