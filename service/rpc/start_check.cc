// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/start_check.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "service/model/error.h"
#include "service/model/limits.h"

namespace provisioning {
namespace {

absl::Status OptionInvalid(std::string_view field, std::string_view rule) {
  return MakeError(ErrorReason::kOptionInvalid,
                   absl::StrCat(std::string(field), " ", std::string(rule)), field);
}

bool IsPrintableAscii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

bool HasControlCharacter(std::string_view text) {
  return std::ranges::any_of(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

bool IsSha256(std::string_view text) {
  return text.size() == 64 && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

absl::Status CheckPolicies(const v1::ImportStart& message, ImportOptions& options) {
  const auto missing_password = CheckMissingPassword(message.missing_password());
  if (!missing_password.ok()) return missing_password.status();
  options.missing_password = *missing_password;
  switch (message.existing_account()) {
    case v1::EXISTING_ACCOUNT_UNSPECIFIED:
    case v1::EXISTING_ACCOUNT_REPORT:
      options.existing_account = ExistingAccount::kReport;
      break;
    case v1::EXISTING_ACCOUNT_UPDATE_PROFILE:
      options.existing_account = ExistingAccount::kUpdateProfile;
      break;
    case v1::EXISTING_ACCOUNT_REISSUE_PENDING:
      options.existing_account = ExistingAccount::kReissuePending;
      break;
    default:
      return OptionInvalid("existing_account", "has a value that this server does not know");
  }
  return absl::OkStatus();
}

absl::Status CheckOwnTtl(const v1::ImportStart& message, ImportOptions& options) {
  if (!message.has_temporary_password_ttl()) return absl::OkStatus();
  const auto ttl = CheckTtl(message.temporary_password_ttl(), "temporary_password_ttl");
  if (!ttl.ok()) return ttl.status();
  options.temporary_password_ttl = *ttl;
  return absl::OkStatus();
}

absl::Status CheckSource(const v1::ImportStart& message, ImportOptions& options) {
  if (message.source_name().size() > limits::source_name_bytes_max ||
      HasControlCharacter(message.source_name())) {
    return OptionInvalid("source_name", "must be at most 255 bytes without control characters");
  }
  if (!message.source_sha256().empty() && !IsSha256(message.source_sha256())) {
    return OptionInvalid("source_sha256", "must be 64 lower-case hexadecimal digits");
  }
  options.source_name = message.source_name();
  options.source_sha256 = message.source_sha256();
  return absl::OkStatus();
}

absl::Status CheckImportId(const v1::ImportStart& message, StreamStart& start) {
  if (message.validate_only()) {
    if (!message.import_id().empty()) {
      return OptionInvalid("import_id", "must be absent with validate_only, which makes no import");
    }
    if (message.has_answered_through_row()) {
      return OptionInvalid("answered_through_row",
                           "must be absent with validate_only, which cannot be resumed");
    }
    return absl::OkStatus();
  }
  const auto id = Uuid::Parse(message.import_id());
  if (!id || id->is_nil()) {
    return OptionInvalid("import_id", "must be a UUID in lower case, not all zeros");
  }
  start.import_id = *id;
  if (message.has_answered_through_row()) {
    if (message.answered_through_row() < 0) {
      return OptionInvalid("answered_through_row", "must not be negative");
    }
    start.answered_through_row = message.answered_through_row();
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<absl::Duration> CheckTtl(const google::protobuf::Duration& ttl,
                                        std::string_view field) {
  const std::int64_t least = limits::temporary_password_ttl_floor / absl::Seconds(1);
  const std::int64_t most = limits::temporary_password_ttl_max / absl::Seconds(1);
  if (ttl.nanos() == 0 && ttl.seconds() >= least && ttl.seconds() <= most) {
    return absl::Seconds(ttl.seconds());
  }
  return OptionInvalid(field,
                       "must be from 1 hour (3600s), or what the server is set to, to 90 days "
                       "(7776000s), in whole seconds");
}

absl::StatusOr<MissingPassword> CheckMissingPassword(v1::MissingPassword value) {
  switch (value) {
    case v1::MISSING_PASSWORD_UNSPECIFIED:
    case v1::MISSING_PASSWORD_REJECT:
      return MissingPassword::kReject;
    case v1::MISSING_PASSWORD_GENERATE:
      return MissingPassword::kGenerate;
    default:
      return OptionInvalid("missing_password", "has a value that this server does not know");
  }
}

absl::StatusOr<StreamStart> CheckStart(const v1::ImportStart& message) {
  const auto organization = OrganizationId::Parse(message.organization_id());
  if (!organization) {
    return OptionInvalid("organization_id", "must match [a-z0-9][a-z0-9._-]{0,63}");
  }
  StreamStart start{.organization_id = *organization};
  start.validate_only = message.validate_only();
  if (absl::Status status = CheckImportId(message, start); !status.ok()) return status;
  if (message.session_id().size() > limits::session_id_bytes_max ||
      !IsPrintableAscii(message.session_id())) {
    return OptionInvalid("session_id", "must be at most 64 bytes of printable ASCII");
  }
  start.session_id = message.session_id();
  if (message.attempt() < 0) return OptionInvalid("attempt", "must not be negative");
  start.attempt = message.attempt();
  if (message.rejected_rows_max() < 0) {
    return OptionInvalid("rejected_rows_max", "must not be negative; 0 is no limit");
  }
  start.rejected_rows_max = message.rejected_rows_max();
  for (const auto check : {CheckPolicies, CheckOwnTtl, CheckSource}) {
    if (absl::Status status = check(message, start.options); !status.ok()) return status;
  }
  return start;
}

}  // namespace provisioning
