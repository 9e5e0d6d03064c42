// SPDX-License-Identifier: Apache-2.0
// What the service needs of a database. tests/store_contract holds every
// implementation to this page.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "service/model/caller.h"
#include "service/model/checked_row.h"
#include "service/model/client_profile.h"
#include "service/model/credential.h"
#include "service/model/import_options.h"
#include "service/model/organization_id.h"
#include "service/model/row_result.h"
#include "service/model/uuid.h"
#include "service/store/audit_record.h"
#include "service/store/client_account.h"

namespace provisioning {

// Names an import.
struct ImportKey {
  OrganizationId organization_id;
  Uuid import_id;

  bool operator==(const ImportKey&) const = default;
  template <typename H>
  friend H AbslHashValue(H state, const ImportKey& key) {
    return H::combine(std::move(state), key.organization_id, key.import_id);
  }
};

// A row of an import.
struct RowReference {
  Uuid import_id;
  std::int64_t row_number = 0;

  bool operator==(const RowReference&) const = default;
};

// A stream asks to work at an import.
struct ImportClaim {
  ImportKey key;
  ImportOptions options;
  std::string session_id;  // Empty: the caller named none.
  std::int64_t attempt = 0;
  std::optional<std::int64_t> answered_through_row;
  absl::Time now;
  Caller caller = {};
};

// The stream holds the import, until somebody claims it again.
struct ClaimedImport {
  std::int64_t epoch = 0;  // Goes into every batch.
  std::int64_t settled_through_row = 0;
  bool complete = false;
};

// A row that is ready for the store.
struct PreparedRow {
  CheckedRow row;
  // A new row: what to store if it needs a credential; nothing if it brings no
  // password, or if a look-up said that it will not need one. A replay: a fresh
  // generated one if the caller says that the answer was lost, else nothing.
  std::optional<Credential> credential;
};

// Rows that are settled together, in row order.
struct ImportBatch {
  ImportKey key;
  std::int64_t epoch = 0;
  MissingPassword missing_password = MissingPassword::kReject;
  ExistingAccount existing_account = ExistingAccount::kReport;
  absl::Time now = absl::UnixEpoch();                  // Becomes create_time and update_time.
  absl::Time password_expires_at = absl::UnixEpoch();  // Of the credentials that the batch sets.
  std::vector<PreparedRow> rows = {};                  // Numbers strictly rising; may be empty.
  // The import takes no new rows after this batch.
  bool completes_import = false;
  Caller caller = {};
};

// What a batch made of one of its rows.
struct RowAnswer {
  RowOutcome outcome = RowOutcome::kRejected;
  Uuid client_id;                     // Nil: none.
  std::int64_t first_row_number = 0;  // Only with kDuplicateRow.
  bool replayed = false;
  // PreparedRow::credential is now the account's credential.
  bool credential_set = false;
  // Of the account's current credential, if this row set it, now or before;
  // InfinitePast: it did not, or the credential has been used.
  absl::Time password_expires_at = absl::InfinitePast();
  // A replay that asked for a fresh password: the one that this row set was
  // used or replaced.
  bool password_not_repeatable = false;
  // A new row that the rules took: it would be an account, and it brings no
  // password (kRejected).
  bool password_missing = false;
};

// Why a batch settled fewer rows than it has.
enum class BatchStop {
  kNone,             // It settled all.
  kNeedsCredential,  // The next row needs a credential that a look-up had said it would not.
  kImportComplete,   // The next row is new and the import takes none.
  kMadeWay,          // Others wait for the store: the rest is to be committed after them.
};

// What became of a batch: its first answers.size() rows are settled.
struct BatchAnswer {
  std::vector<RowAnswer> answers;
  BatchStop stop = BatchStop::kNone;
};

// An account, as a decision about a row needs to know it.
struct AccountFacts {
  Uuid client_id;
  std::string email_address;
  ClientProfile profile;
  bool pending = true;                     // The temporary password was not used yet.
  bool used = false;                       // Activated, or signed in to.
  std::optional<RowReference> created_by;  // Nothing: it was not made by an import.
  bool profile_changed = false;            // Since it was made, by anybody.
  std::optional<RowReference> credential_set_by;
  bool credential_generated = false;
  absl::Time password_expires_at = absl::InfinitePast();  // Only while pending.
  // A row of the import in question that changed this account, if one did.
  std::int64_t changed_by_row = 0;
};

// How far an import has come; the numbers of provisioning.v1.ImportState.
enum class ImportState { kOpen = 1, kComplete = 2, kReverting = 3, kReverted = 4 };

// An import's record.
struct ImportRecord {
  ImportKey key;
  ImportState state = ImportState::kOpen;
  std::int64_t settled_through_row = 0;
  OutcomeCounts rows;  // Each row once.
  ImportOptions options;
  std::string session_id;
  std::int64_t attempt = 0;
  std::int64_t stream_count = 0;  // Equals the epoch.
  absl::Time create_time;
  absl::Time update_time;
  std::int64_t reverted_clients = 0;

  bool complete() const { return state == ImportState::kComplete; }
};

// An account, as it is shown.
struct ClientRecord {
  OrganizationId organization_id;
  Uuid client_id;
  std::string email_address;
  ClientProfile profile;
  bool pending = true;
  absl::Time create_time;
  absl::Time update_time;
  std::optional<RowReference> created_by;
  // The row that counts as having set the credential; nothing: none has.
  std::optional<RowReference> credential_set_by;
  absl::Time password_expires_at = absl::InfinitePast();  // Only while pending.
  int consecutive_failures = 0;
};

// One page of a list. The next one starts behind `last` of this one.
template <typename Record, typename Position>
struct Page {
  std::vector<Record> records;
  std::optional<Position> next_after;  // Nothing: this was the last page.
};

// Ends a page for which one record more than `page_size` was asked, if there are as
// many: that one is left to the next page. `position_of` says where a record stands.
template <typename Record, typename Position, typename PositionOf>
void EndPage(Page<Record, Position>& page, int page_size, PositionOf position_of) {
  if (page.records.size() <= static_cast<std::size_t>(page_size)) return;
  page.records.pop_back();
  page.next_after = position_of(page.records.back());
}

// Where a list of imports goes on: newest first, by create_time, then id.
struct ImportPosition {
  absl::Time create_time;
  Uuid import_id;
};
inline ImportPosition PositionOf(const ImportRecord& record) {
  return {record.create_time, record.key.import_id};
}

struct ClientFilter {
  std::optional<Uuid> import_id;  // Only those that this import made.
  std::optional<bool> pending;    // Only those in this state.
  // Only pending ones whose temporary password ends before.
  std::optional<absl::Time> password_expires_before = {};
  // Only pending ones whose temporary password a row of this import set, or a
  // Reissue for it.
  std::optional<Uuid> password_import_id = {};
};

// Any thread may call any method. All block, on locks and on the disk, except
// Commit and RecordLocked, which only queue. Times are kept to the microsecond.
//
// Failures, by ReasonOf(status):
//  - kStoreUnavailable: the store is away or broke down. After a Commit it is
//    unknown whether the batch is there; nothing may be reported of its rows.
//  - kDiskFull: no room. Nothing of the batch is there; later ones may work.
class IdentityStore {
 public:
  using CommitDone = std::function<void(absl::StatusOr<BatchAnswer>)>;

  // Waits for the callbacks of all commits.
  virtual ~IdentityStore() = default;

  // Opens the import or takes it over, in one transaction: a new epoch, the
  // session and attempt are recorded, and all batches with an older epoch fail
  // from now on.
  //  - kTakenOver: the claim is of the session that holds the import, and of an
  //    older attempt. Nothing changed.
  //  - kOptionsDiffer: from those that the first claim pinned; FieldOf() names
  //    the field. source_name is never compared, source_sha256 only if both are
  //    given. Nothing changed.
  //  - kStoreBehind: answered_through_row is beyond the settled row. The epoch
  //    is not taken; RowNumberOf() is the settled row.
  //  - kImportReverted: a revert has begun. Nothing changed.
  virtual absl::StatusOr<ClaimedImport> ClaimImport(const ImportClaim& claim) = 0;

  // Settles a batch. Rows at or below the import's settled row are replays,
  // those above are new; row_decision.h says what each is answered. The effects
  // of the rows, the settled row, the counts and the epoch's check are one
  // transaction, which is on stable storage before `done` is called. `done` is
  // called exactly once, on a thread of the store, and must be quick.
  //
  // A batch may settle only its first rows (BatchAnswer::stop). The import's
  // counts take each new row once. completes_import only takes effect if all
  // rows were settled.
  //  - kTakenOver: the epoch is not the import's any more. Nothing was written; or,
  //    if the store did not hear what became of its COMMIT, it was before that, and
  //    the newer stream answers for these rows.
  //
  // At most one batch of an epoch is under way at a time.
  virtual void Commit(std::shared_ptr<const ImportBatch> batch, CommitDone done) = 0;

  // The organization's accounts with these addresses, in their order; committed
  // state. With `import_id`, AccountFacts::changed_by_row is filled in.
  virtual absl::StatusOr<std::vector<std::optional<AccountFacts>>> FindAccounts(
      const OrganizationId& organization_id, std::span<const std::string> email_addresses,
      const std::optional<Uuid>& import_id) = 0;

  // Nothing if there is no such import.
  virtual absl::StatusOr<std::optional<ImportRecord>> GetImport(const ImportKey& key) = 0;

  // Newest first, without those of one client each (ImportOptions::single_client);
  // at most `page_size` (from 1).
  virtual absl::StatusOr<Page<ImportRecord, ImportPosition>> ListImports(
      const OrganizationId& organization_id, const std::optional<ImportPosition>& after,
      int page_size) = 0;

  // Nothing if the organization has no such client.
  virtual absl::StatusOr<std::optional<ClientRecord>> GetClient(
      const OrganizationId& organization_id, const Uuid& client_id) = 0;
  virtual absl::StatusOr<std::optional<ClientRecord>> GetClientByEmail(
      const OrganizationId& organization_id, const std::string& email_address) = 0;

  // By client_id, which falls with the time of creation: newest first. At most
  // `page_size` (from 1).
  virtual absl::StatusOr<Page<ClientRecord, Uuid>> ListClients(
      const OrganizationId& organization_id, const ClientFilter& filter,
      const std::optional<Uuid>& after, int page_size) = 0;

  // The organization's account with this address, or nothing. Nothing and
  // something take about the same time.
  virtual absl::StatusOr<std::optional<SignInAccount>> FindSignInAccount(
      const OrganizationId& organization_id, const std::string& email_address) = 0;

  // Counts a failure, if the limits allow another one, by one atomic statement:
  // of any number at the same time no more are counted than there may be. What
  // is counted outlives the process, if not a loss of power. A clock that was
  // set back lets a wait end.
  virtual absl::StatusOr<AttemptAnswer> CountAttempt(const FailureKey& key,
                                                     const FailureLimits& limits,
                                                     absl::Time now) = 0;
  // The password was right: the count is 0.
  virtual absl::Status ForgetFailures(const FailureKey& key) = 0;
  // The last failure that is allowed was counted: for the audit. Only queues, so
  // that the answer does not tell by its time or its errors whether there is such
  // a client; what is lost if it fails is the audit's line, not the lock.
  virtual void RecordLocked(const OrganizationId& organization_id, const Uuid& client_id,
                            const Caller& caller, absl::Time now) = 0;

  // False: the client is not pending with the expected credential any more, or
  // has gone; nothing was written.
  virtual absl::StatusOr<bool> Activate(const Activation& activation) = 0;
  // Marks the account as used and stores the rehashed password, if it still has
  // the expected credential. OK: on stable storage, so that no revert that begins
  // from now on erases who has signed in; also if it has another credential.
  virtual absl::Status RecordSignIn(const SignIn& sign_in) = 0;
  // Whatever it was before, the account is pending with the new credential, which
  // was set by a row only if import_id was given and a row had set the old one.
  virtual absl::StatusOr<ReissueAnswer> ReissuePassword(const Reissue& reissue) = 0;
  // Erases the client's personal data and credential. True: when it returns they
  // are in no file of the store any more (a server of its own may keep them until
  // it cleans up); also for a client who was erased before. False: there never
  // was such a client.
  virtual absl::StatusOr<bool> EraseClient(const OrganizationId& organization_id,
                                           const Uuid& client_id, const Caller& caller,
                                           absl::Time now) = 0;

  // Takes the import's epoch for good: its batches fail from now on with
  // kTakenOver, and claims with kImportReverted. Also of a revert that was
  // begun before, or has ended. kImportNotFound: there is no such import.
  virtual absl::Status BeginRevert(const ImportKey& key, const Caller& caller, absl::Time now) = 0;
  // Erases, as EraseClient does, the next clients that the import made and nobody
  // has used, looking at `clients_max` at most (from 1), behind after_row. After
  // BeginRevert: kImportNotFound if there is no such import, or no revert of it
  // has begun. When it is done, the import is reverted.
  virtual absl::StatusOr<RevertAnswer> RevertClients(const ImportKey& key, std::int64_t after_row,
                                                     int clients_max, const Caller& caller,
                                                     absl::Time now) = 0;

  // The audit of all organizations, from the record behind `after` on, in its
  // order; at most `page_size` (from 1).
  virtual absl::StatusOr<Page<AuditRecord, std::int64_t>> ListAudit(std::int64_t after,
                                                                    int page_size) = 0;

  // OK: it can be read, has not broken down, and this program can work with its schema.
  virtual absl::Status CheckReady() = 0;
};

}  // namespace provisioning
