// SPDX-License-Identifier: Apache-2.0
// How values stand in columns that can change: in one size, so that a row never
// has to move (migrations/0002_accounts.sql says why).
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "service/store/identity_store.h"
#include "service/store/sqlite/connection.h"

namespace provisioning {

// The key of an address: the first half of its SHA-256, which nobody meets by
// accident, and only with 2^64 tries on purpose.
class EmailKey {
 public:
  explicit EmailKey(std::string_view email_address);
  std::string_view bytes() const { return {bytes_.data(), bytes_.size()}; }

 private:
  std::array<char, 16> bytes_;
};

// An import's id and a row number, or zeros for none.
class StoredReference {
 public:
  explicit StoredReference(const std::optional<RowReference>& reference);
  std::string_view bytes() const { return {bytes_.data(), bytes_.size()}; }
  static std::optional<RowReference> Read(std::string_view bytes);

 private:
  std::array<char, 24> bytes_{};
};

// Credentials are padded to this size, or to what the one before took if that is
// more.
inline constexpr std::size_t credential_bytes_min = 100;
std::string_view WithoutPadding(std::string_view credential);

// Gives SQL the functions email_key(address) and row_reference(import_id, row),
// for the migrations.
absl::Status RegisterStoredForms(Connection& connection);

}  // namespace provisioning
