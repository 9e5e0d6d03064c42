// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "service/model/client_profile.h"
#include "service/model/field_issue.h"
#include "service/model/imported_hash.h"
#include "service/model/secret_string.h"

namespace provisioning {

// A row that has been through the rules. Only RowRules makes one, so whatever
// takes a CheckedRow can rely on them.
//
// A row with violations keeps what could be read of it: a replay is compared
// with what the store holds even when a rule has become stricter since.
class CheckedRow {
 public:
  CheckedRow(CheckedRow&&) noexcept = default;
  CheckedRow& operator=(CheckedRow&&) noexcept = default;

  std::int64_t row_number() const { return row_number_; }
  bool accepted() const { return violations_.empty(); }
  // As it would be stored; for a rejected row as far as it could be read, at
  // most 254 bytes of UTF-8.
  const std::string& email_address() const { return email_address_; }
  const ClientProfile& profile() const { return profile_; }
  // Prepared (OpaqueString), at most 1,024 bytes; empty: the row has none.
  const SecretString& password() const { return password_; }
  // Of a password that the person goes on using; never beside a password.
  const std::optional<ImportedHash>& imported_hash() const { return imported_hash_; }
  // A password, or the hash of one.
  bool has_password() const { return !password_.empty() || imported_hash_; }
  // In column order.
  const std::vector<FieldIssue>& violations() const { return violations_; }
  const std::vector<FieldIssue>& warnings() const { return warnings_; }

  // Leaves the row without its address: an answered row needs it no more.
  std::string TakeEmailAddress() { return std::move(email_address_); }
  // Leaves the row without its password: hashing needs it, and nobody after.
  SecretString TakePassword() { return std::move(password_); }
  // The same of the hash, which there is.
  ImportedHash TakeImportedHash() {
    ImportedHash hash = *std::move(imported_hash_);
    imported_hash_.reset();
    return hash;
  }

 private:
  friend class RowRules;
  CheckedRow() = default;

  std::int64_t row_number_ = 0;
  std::string email_address_;
  ClientProfile profile_;
  SecretString password_;
  std::optional<ImportedHash> imported_hash_;
  std::vector<FieldIssue> violations_;
  std::vector<FieldIssue> warnings_;
};

}  // namespace provisioning
