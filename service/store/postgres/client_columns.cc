// SPDX-License-Identifier: Apache-2.0
#include "service/store/postgres/client_columns.h"

#include "service/store/failure_key.h"

namespace provisioning {
namespace {

enum Column {
  kClientId,
  kEmailAddress,
  kFirstName,
  kLastName,
  kBirthdate,
  kGender,
  kState,
  kCreateTime,
  kUpdateTime,
  kCreatedImport,
  kCreatedRow,
  kProfileChanged,
  kUsed,
  kCredential,
  kCredentialGenerated,
  kCredentialImport,
  kCredentialRow,
  kCredentialExpireTime,
  kColumnCount,
};
static_assert(kColumnCount == client_column_count);

std::optional<RowReference> ReadReference(const SqlResult& result, int row, int import_column) {
  if (result.IsNull(row, import_column)) return std::nullopt;
  return RowReference{result.Id(row, import_column), result.Number(row, import_column + 1)};
}

ClientProfile ReadProfile(const SqlResult& result, int row) {
  const std::string_view gender = result.Text(row, kGender);
  return {.first_name = std::string(result.Text(row, kFirstName)),
          .last_name = std::string(result.Text(row, kLastName)),
          .birthdate = result.Date(row, kBirthdate),
          .gender = gender.empty() ? '\0' : gender.front()};
}

bool IsPending(const SqlResult& result, int row) {
  return static_cast<ClientState>(result.Number(row, kState)) == ClientState::kPending;
}

absl::Time ReadExpiry(const SqlResult& result, int row) {
  return IsPending(result, row) ? result.Time(row, kCredentialExpireTime) : absl::InfinitePast();
}

}  // namespace

AccountFacts ReadFacts(const SqlResult& result, int row) {
  return {.client_id = result.Id(row, kClientId),
          .email_address = std::string(result.Text(row, kEmailAddress)),
          .profile = ReadProfile(result, row),
          .pending = IsPending(result, row),
          .used = result.Bool(row, kUsed),
          .created_by = ReadReference(result, row, kCreatedImport),
          .profile_changed = result.Bool(row, kProfileChanged),
          .credential_set_by = ReadReference(result, row, kCredentialImport),
          .credential_generated = result.Bool(row, kCredentialGenerated),
          .password_expires_at = ReadExpiry(result, row),
          .changed_by_row = 0};
}

std::string_view ReadEmailAddress(const SqlResult& result, int row) {
  return result.Text(row, kEmailAddress);
}

SignInAccount ReadSignIn(const SqlResult& result, int row) {
  return {.client_id = result.Id(row, kClientId),
          .credential = std::string(result.Text(row, kCredential)),
          .pending = IsPending(result, row),
          .used = result.Bool(row, kUsed),
          .password_expires_at = ReadExpiry(result, row)};
}

ClientRecord ReadClient(const OrganizationId& organization_id, const SqlResult& result, int row) {
  return {.organization_id = organization_id,
          .client_id = result.Id(row, kClientId),
          .email_address = std::string(result.Text(row, kEmailAddress)),
          .profile = ReadProfile(result, row),
          .pending = IsPending(result, row),
          .create_time = result.Time(row, kCreateTime),
          .update_time = result.Time(row, kUpdateTime),
          .created_by = ReadReference(result, row, kCreatedImport),
          .credential_set_by = ReadReference(result, row, kCredentialImport),
          .password_expires_at = ReadExpiry(result, row)};
}

FailureKey ReadFailureKey(const OrganizationId& organization_id, const SqlResult& result, int row) {
  return FailureKeyOf(organization_id, result.Id(row, kClientId), result.Text(row, kCredential));
}

}  // namespace provisioning
