// SPDX-License-Identifier: Apache-2.0
#include "service/store/sqlite/stored_form.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstdint>

#include "service/model/sha256.h"

namespace provisioning {
namespace {

std::string_view BytesOf(sqlite3_value* value) {
  const auto* bytes = static_cast<const char*>(sqlite3_value_blob(value));
  return {bytes, static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

void Return(sqlite3_context* context, std::string_view bytes) {
  sqlite3_result_blob64(context, bytes.data(), bytes.size(), SQLITE_TRANSIENT);
}

void EmailKeyFunction(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
  Return(context, EmailKey(BytesOf(values[0])).bytes());
}

void RowReferenceFunction(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
  std::optional<RowReference> reference;
  if (const auto import_id = Uuid::FromBytes(BytesOf(values[0]))) {
    reference = RowReference{*import_id, sqlite3_value_int64(values[1])};
  }
  Return(context, StoredReference(reference).bytes());
}

}  // namespace

EmailKey::EmailKey(std::string_view email_address) {
  const Sha256Digest digest = Sha256(email_address);
  std::copy_n(digest.begin(), bytes_.size(), bytes_.begin());
}

StoredReference::StoredReference(const std::optional<RowReference>& reference) {
  if (!reference) return;
  std::ranges::copy(reference->import_id.bytes(), bytes_.begin());
  auto rest = static_cast<std::uint64_t>(reference->row_number);
  for (std::size_t i = bytes_.size(); i > Uuid::size; --i, rest >>= 8) {
    bytes_[i - 1] = static_cast<char>(rest & 0xff);
  }
}

std::optional<RowReference> StoredReference::Read(std::string_view bytes) {
  const auto import_id = Uuid::FromBytes(bytes.substr(0, Uuid::size));
  if (!import_id || import_id->is_nil()) return std::nullopt;
  std::uint64_t row_number = 0;
  for (const char byte : bytes.substr(Uuid::size)) {
    row_number = row_number << 8 | static_cast<std::uint8_t>(byte);
  }
  return RowReference{*import_id, static_cast<std::int64_t>(row_number)};
}

std::string_view WithoutPadding(std::string_view credential) {
  return credential.substr(0, credential.find_last_not_of(' ') + 1);
}

absl::Status RegisterStoredForms(Connection& connection) {
  constexpr int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
  int code = sqlite3_create_function(connection.handle(), "email_key", 1, flags, nullptr,
                                     EmailKeyFunction, nullptr, nullptr);
  if (code == SQLITE_OK) {
    code = sqlite3_create_function(connection.handle(), "row_reference", 2, flags, nullptr,
                                   RowReferenceFunction, nullptr, nullptr);
  }
  return code == SQLITE_OK ? absl::OkStatus() : SqliteError(code, "adding functions");
}

}  // namespace provisioning
