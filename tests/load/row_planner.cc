// SPDX-License-Identifier: Apache-2.0
#include "tests/load/row_planner.h"

#include "tests/load/random_bits.h"

namespace provisioning {
namespace {

constexpr std::size_t known_clients_max = 512;
constexpr std::size_t new_rows_max = 64;

}  // namespace

void KnownClients::Offer(std::int64_t import_index, std::int64_t person) {
  std::lock_guard lock(mutex_);
  if (clients_.size() < known_clients_max) {
    clients_.push_back({import_index, person});
    return;
  }
  clients_[next_] = {import_index, person};
  next_ = (next_ + 1) % known_clients_max;
}

std::optional<std::int64_t> KnownClients::Pick(std::int64_t import_index, std::uint64_t bits) {
  std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < clients_.size(); ++i) {
    const Client& client = clients_[(bits + i) % clients_.size()];
    if (client.import_index != import_index) return client.person;
  }
  return std::nullopt;
}

RowPlanner::RowPlanner(const LoadOptions& options, KnownClients& known, std::int64_t import_index,
                       std::int64_t first_person)
    : options_(options),
      known_(known),
      import_index_(import_index),
      first_person_(first_person),
      seed_(RandomBits(options.seed, static_cast<std::uint64_t>(import_index))) {}

std::uint64_t RowPlanner::NextBits() { return RandomBits(seed_, drawn_++); }

RowKind RowPlanner::PickKind() {
  double place = Fraction(NextBits());
  if (place < options_.invalid) return RowKind::kInvalid;
  place -= options_.invalid;
  if (place < options_.duplicates) return RowKind::kDuplicate;
  place -= options_.duplicates;
  return place < options_.existing ? RowKind::kExisting : RowKind::kNew;
}

RowPlan RowPlanner::Next() {
  RowPlan plan;
  plan.number = ++planned_;
  plan.person = first_person_ + planned_ - 1;
  plan.provided = Fraction(NextBits()) < options_.provided;
  plan.kind = PickKind();
  const std::uint64_t bits = NextBits();
  if (plan.kind == RowKind::kInvalid) {
    plan.fault = static_cast<std::uint8_t>(bits % row_fault_count);
  } else if (plan.kind == RowKind::kDuplicate && !new_rows_.empty()) {
    plan.first_row = new_rows_[bits % new_rows_.size()];
    plan.person = first_person_ + plan.first_row - 1;
  } else if (plan.kind == RowKind::kExisting) {
    const auto person = known_.Pick(import_index_, bits);
    if (person) plan.person = *person;
    if (!person) plan.kind = RowKind::kNew;
  } else {
    plan.kind = RowKind::kNew;
  }
  if (plan.kind == RowKind::kNew) {
    if (new_rows_.size() < new_rows_max) {
      new_rows_.push_back(plan.number);
    } else {
      new_rows_[bits % new_rows_max] = plan.number;
    }
  }
  return plan;
}

}  // namespace provisioning
