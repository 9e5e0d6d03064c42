// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/request_parser.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/util/time_util.h"
#include "google/protobuf/wire_format_lite.h"
#include "service/model/error.h"
#include "service/model/limits.h"
#include "service/rpc/import_wire.pb.h"

namespace provisioning {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

// Parsed, such a field takes up to thirty times its bytes. A newer caller may
// send a dozen with every row.
constexpr int unknown_fields_max = 64 << 10;

WireFormatLite::WireType WireTypeOf(const FieldDescriptor& field) {
  return WireFormatLite::WireTypeForFieldType(static_cast<WireFormatLite::FieldType>(field.type()));
}

struct FieldCounts {
  int rows = 0;
  int unknown = 0;
};

// Counts what would be parsed, so that nothing is that takes more memory than it
// should. False: the bytes make no sense, and parsing will say so. No message
// of ours has groups: their tags are counted one by one.
bool CountFields(CodedInputStream& input, const Descriptor& type, FieldCounts& counts) {
  while (const std::uint32_t tag = input.ReadTag()) {
    const WireFormatLite::WireType wire_type = WireFormatLite::GetTagWireType(tag);
    const FieldDescriptor* field = type.FindFieldByNumber(WireFormatLite::GetTagFieldNumber(tag));
    if (field == nullptr || WireTypeOf(*field) != wire_type) {
      ++counts.unknown;
      field = nullptr;
    }
    if (wire_type == WireFormatLite::WIRETYPE_START_GROUP ||
        wire_type == WireFormatLite::WIRETYPE_END_GROUP) {
      continue;
    }
    if (field == nullptr || field->message_type() == nullptr) {
      if (!WireFormatLite::SkipField(&input, tag)) return false;
      continue;
    }
    if (field->message_type() == wire::ClientRow::descriptor()) ++counts.rows;
    int length = 0;
    if (!input.ReadVarintSizeAsInt(&length)) return false;
    const CodedInputStream::Limit limit = input.PushLimit(length);
    if (!CountFields(input, *field->message_type(), counts)) return false;
    if (input.BytesUntilLimit() != 0) return false;
    input.PopLimit(limit);
  }
  return true;
}

absl::Status CheckCounts(MessageBytes& bytes) {
  const auto stream = bytes.Open();
  CodedInputStream input(stream.get());
  FieldCounts counts;
  (void)CountFields(input, *wire::ImportClientsRequest::descriptor(), counts);
  if (counts.rows > limits::rows_per_message_max) {
    return MakeError(ErrorReason::kTooManyRowsInMessage,
                     absl::StrCat("a message has ", counts.rows, " rows; it may have ",
                                  limits::rows_per_message_max));
  }
  if (counts.unknown > unknown_fields_max) {
    return MakeError(ErrorReason::kMessageUnreadable,
                     "a message has too many fields that this server does not know");
  }
  return absl::OkStatus();
}

std::vector<ClientRow> TakeRows(wire::ImportRows& message) {
  std::vector<ClientRow> rows;
  rows.reserve(static_cast<std::size_t>(message.rows_size()));
  for (wire::ClientRow& row : *message.mutable_rows()) {
    rows.push_back({.row_number = row.row_number(),
                    .email_address = std::move(*row.mutable_email_address()),
                    .initial_password = SecretString::TakeFrom(*row.mutable_initial_password()),
                    .first_name = std::move(*row.mutable_first_name()),
                    .last_name = std::move(*row.mutable_last_name()),
                    .birthdate = std::move(*row.mutable_birthdate()),
                    .gender = std::move(*row.mutable_gender())});
  }
  return rows;
}

absl::Status OptionInvalid(std::string_view field, std::string_view rule) {
  return MakeError(ErrorReason::kOptionInvalid,
                   absl::StrCat("start.", std::string(field), " ", std::string(rule)), field);
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
  switch (message.missing_password()) {
    case v1::MISSING_PASSWORD_UNSPECIFIED:
    case v1::MISSING_PASSWORD_REJECT:
      options.missing_password = MissingPassword::kReject;
      break;
    case v1::MISSING_PASSWORD_GENERATE:
      options.missing_password = MissingPassword::kGenerate;
      break;
    default:
      return OptionInvalid("missing_password", "has a value that this server does not know");
  }
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

absl::Status CheckTtl(const v1::ImportStart& message, ImportOptions& options) {
  if (!message.has_temporary_password_ttl()) return absl::OkStatus();
  const auto& ttl = message.temporary_password_ttl();
  if (ttl.nanos() != 0 || ttl.seconds() < limits::temporary_password_ttl_min / absl::Seconds(1) ||
      ttl.seconds() > limits::temporary_password_ttl_max / absl::Seconds(1)) {
    return OptionInvalid("temporary_password_ttl",
                         "must be from 1 hour (3600s) to 90 days (7776000s), in whole seconds");
  }
  options.temporary_password_ttl = absl::Seconds(ttl.seconds());
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
  if (!id) return OptionInvalid("import_id", "must be a UUID in lower case");
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
  for (const auto check : {CheckPolicies, CheckTtl, CheckSource}) {
    if (absl::Status status = check(message, start.options); !status.ok()) return status;
  }
  return start;
}

absl::StatusOr<ImportRequest> ParseImportRequest(MessageBytes& bytes) {
  if (absl::Status status = CheckCounts(bytes); !status.ok()) return status;
  wire::ImportClientsRequest message;
  const auto stream = bytes.Open();
  if (!message.ParseFromZeroCopyStream(stream.get())) {
    return MakeError(ErrorReason::kMessageUnreadable,
                     "a message is not an ImportClientsRequest, or a text in start is not UTF-8");
  }
  switch (message.message_case()) {
    case wire::ImportClientsRequest::kStart: {
      auto start = CheckStart(message.start());
      if (!start.ok()) return start.status();
      return ImportRequest(*std::move(start));
    }
    case wire::ImportClientsRequest::kRows:
      return ImportRequest(TakeRows(*message.mutable_rows()));
    case wire::ImportClientsRequest::kEnd:
      return ImportRequest(EndOfImport());
    case wire::ImportClientsRequest::MESSAGE_NOT_SET:
      break;
  }
  return MakeError(ErrorReason::kMessageUnreadable, "a message has neither start nor rows nor end");
}

}  // namespace provisioning
