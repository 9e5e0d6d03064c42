// SPDX-License-Identifier: Apache-2.0
#include "service/import/credential_stage.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "absl/hash/hash.h"
#include "service/model/error.h"

namespace provisioning {
namespace {

// Rows whose hashes are waited for together: some 50 to 100 ms of two cores, so
// that results come soon and commits stay few.
constexpr std::size_t hashed_slice_rows = 16;

std::size_t AddressHash(const std::string& address) { return absl::Hash<std::string>{}(address); }

}  // namespace

CredentialStage::CredentialStage(Dependencies dependencies, const StreamStart& start,
                                 std::int64_t settled_through_row, int hashing_rows_max)
    : dependencies_(std::move(dependencies)),
      organization_id_(start.organization_id),
      import_id_(start.import_id),
      missing_password_(start.options.missing_password),
      existing_account_(start.options.existing_account),
      answered_through_row_(start.answered_through_row),
      settled_through_row_(settled_through_row),
      hashing_rows_max_(hashing_rows_max),
      cancelled_(std::make_shared<std::atomic<bool>>(false)) {}

CredentialStage::~CredentialStage() { *cancelled_ = true; }

void CredentialStage::Add(std::vector<ReadyRow> rows) {
  if (rows.empty()) return;
  const bool dear = std::ranges::any_of(rows, [this](const ReadyRow& row) {
    return !row.prepared.row.password().empty() && !IsReplay(row.prepared.row);
  });
  rows_checked_ += static_cast<std::int64_t>(rows.size());
  const std::size_t step = dear ? hashed_slice_rows : rows.size();
  for (std::size_t begin = 0; begin < rows.size(); begin += step) {
    const std::size_t end = std::min(begin + step, rows.size());
    auto slice = std::make_unique<Slice>();
    slice->rows.assign(std::make_move_iterator(rows.begin() + static_cast<std::ptrdiff_t>(begin)),
                       std::make_move_iterator(rows.begin() + static_cast<std::ptrdiff_t>(end)));
    slices_.push_back(std::move(slice));
  }
}

void CredentialStage::PutBack(std::vector<ReadyRow> rows) {
  for (ReadyRow& row : rows) {
    if (row.prepared.credential) continue;
    Release(row.prepared.row, row.memo);
    row.memo.holds_address = false;
  }
  std::deque<std::unique_ptr<Slice>> behind = std::exchange(slices_, {});
  Add(std::move(rows));
  slices_.front()->hash_first = true;
  std::ranges::move(behind, std::back_inserter(slices_));
}

void CredentialStage::PutBackReady(std::vector<ReadyRow> rows) {
  auto slice = std::make_unique<Slice>();
  slice->rows = std::move(rows);
  slice->state = Slice::State::kReady;
  rows_ready_ += static_cast<std::int64_t>(slice->rows.size());
  slices_.push_front(std::move(slice));
}

absl::Status CredentialStage::Advance() {
  for (const auto& slice : slices_) {
    if (!hashing_status_.ok()) return hashing_status_;
    if (slice->state != Slice::State::kChecked) continue;
    if (rows_hashing_ >= hashing_rows_max_) break;
    if (absl::Status status = Prepare(*slice); !status.ok()) return status;
  }
  return hashing_status_;
}

absl::Status CredentialStage::Prepare(Slice& slice) {
  std::vector<std::size_t> candidates;
  for (std::size_t i = 0; i < slice.rows.size(); ++i) {
    ReadyRow& row = slice.rows[i];
    const CheckedRow& checked = row.prepared.row;
    if (row.prepared.credential) continue;  // It was put back.
    if (IsReplay(checked)) {
      // Promise 4: above what the caller holds, a generated password is renewed.
      if (missing_password_ == MissingPassword::kGenerate && answered_through_row_ &&
          checked.row_number() > *answered_through_row_) {
        GiveGenerated(row);
      }
    } else if (!checked.accepted()) {
      continue;
    } else if (checked.imported_hash()) {
      row.prepared.credential = CredentialFactory::Imported(row.prepared.row.TakeImportedHash());
      HoldAddress(row);
    } else if (!checked.password().empty()) {
      candidates.push_back(i);
    } else if (missing_password_ == MissingPassword::kGenerate) {
      GiveGenerated(row);
      HoldAddress(row);
    }
  }
  if (!candidates.empty()) {
    if (absl::Status status = ChooseRowsToHash(slice, candidates); !status.ok()) return status;
  }
  if (slice.to_hash.empty()) {
    MoveTo(slice, Slice::State::kReady);
  } else {
    StartHashing(slice);
  }
  return absl::OkStatus();
}

bool CredentialStage::IsReplay(const CheckedRow& row) const {
  return row.row_number() <= settled_through_row_;
}

void CredentialStage::GiveGenerated(ReadyRow& row) const {
  CredentialFactory::Generated generated = dependencies_.factory.Generate();
  row.prepared.credential = std::move(generated.credential);
  row.memo.generated_password = std::move(generated.password);
}

absl::Status CredentialStage::ChooseRowsToHash(Slice& slice,
                                               const std::vector<std::size_t>& candidates) {
  std::vector<std::string> addresses;
  addresses.reserve(candidates.size());
  for (const std::size_t i : candidates) {
    addresses.push_back(slice.rows[i].prepared.row.email_address());
  }
  auto accounts = dependencies_.store.FindAccounts(organization_id_, addresses, import_id_);
  if (!accounts.ok()) return accounts.status();
  for (std::size_t k = 0; k < candidates.size(); ++k) {
    const std::optional<AccountFacts>& account = (*accounts)[k];
    const bool by_this_import =
        account && ((account->created_by && account->created_by->import_id == import_id_) ||
                    account->changed_by_row != 0);
    const bool storable = !account || (existing_account_ == ExistingAccount::kReissuePending &&
                                       account->pending && !by_this_import);
    const bool forced = slice.hash_first && candidates[k] == 0;
    if ((storable && HoldAddress(slice.rows[candidates[k]])) || forced) {
      slice.to_hash.push_back(candidates[k]);
    }
  }
  return absl::OkStatus();
}

// False: an earlier row with this address is under way, and will win.
bool CredentialStage::HoldAddress(ReadyRow& row) {
  row.memo.holds_address =
      held_addresses_.insert(AddressHash(row.prepared.row.email_address())).second;
  return row.memo.holds_address;
}

void CredentialStage::Release(const CheckedRow& row, const RowMemo& memo) {
  if (memo.holds_address) held_addresses_.erase(AddressHash(row.email_address()));
}

void CredentialStage::StartHashing(Slice& slice) {
  MoveTo(slice, Slice::State::kHashing);
  std::vector<SecretString> passwords;
  passwords.reserve(slice.to_hash.size());
  for (const std::size_t i : slice.to_hash) {
    passwords.push_back(slice.rows[i].prepared.row.TakePassword());
  }
  // The flag says whether the slice is still there.
  dependencies_.hashing_pool.Hash(
      organization_id_, std::move(passwords), cancelled_,
      [this, &slice, cancelled = cancelled_,
       post = dependencies_.post](std::vector<Credential> credentials) {
        post([this, &slice, cancelled, credentials = std::move(credentials)]() mutable {
          if (!*cancelled) OnHashed(slice, std::move(credentials));
        });
      });
}

void CredentialStage::OnHashed(Slice& slice, std::vector<Credential> credentials) {
  if (credentials.size() != slice.to_hash.size()) {
    hashing_status_ = MakeError(ErrorReason::kOverloaded,
                                "there is no memory to hash a password; resume in a while");
  } else {
    for (std::size_t k = 0; k < credentials.size(); ++k) {
      slice.rows[slice.to_hash[k]].prepared.credential = std::move(credentials[k]);
    }
    MoveTo(slice, Slice::State::kReady);
  }
  dependencies_.on_progress();
}

const ReadyRow* CredentialStage::PeekReady() const {
  if (slices_.empty() || slices_.front()->state != Slice::State::kReady) return nullptr;
  return &slices_.front()->rows[slices_.front()->taken];
}

ReadyRow CredentialStage::TakeReady() {
  Slice& slice = *slices_.front();
  ReadyRow row = std::move(slice.rows[slice.taken]);
  --rows_ready_;
  if (++slice.taken == slice.rows.size()) slices_.pop_front();
  return row;
}

bool CredentialStage::DropUnready() {
  const auto first_unready = std::ranges::find_if(
      slices_, [](const auto& slice) { return slice->state != Slice::State::kReady; });
  if (first_unready == slices_.end()) return false;
  // What is being hashed for a dropped slice must not come back to it.
  *cancelled_ = true;
  cancelled_ = std::make_shared<std::atomic<bool>>(false);
  slices_.erase(first_unready, slices_.end());
  rows_checked_ = 0;
  rows_hashing_ = 0;
  rows_ready_ = 0;
  for (const auto& slice : slices_) {
    rows_ready_ += static_cast<std::int64_t>(slice->rows.size() - slice->taken);
  }
  return true;
}

void CredentialStage::DropAll() {
  *cancelled_ = true;
  cancelled_ = std::make_shared<std::atomic<bool>>(false);
  slices_.clear();
  rows_checked_ = rows_hashing_ = rows_ready_ = 0;
}

void CredentialStage::MoveTo(Slice& slice, Slice::State state) {
  const auto counter = [this](Slice::State of) -> std::int64_t& {
    switch (of) {
      case Slice::State::kChecked:
        return rows_checked_;
      case Slice::State::kHashing:
        return rows_hashing_;
      case Slice::State::kReady:
        break;
    }
    return rows_ready_;
  };
  counter(slice.state) -= static_cast<std::int64_t>(slice.rows.size());
  counter(state) += static_cast<std::int64_t>(slice.rows.size());
  slice.state = state;
}

}  // namespace provisioning
