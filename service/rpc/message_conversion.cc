// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/message_conversion.h"

#include <string>
#include <utility>

#include "absl/strings/str_format.h"
#include "service/model/limits.h"
#include "service/rules/import_schema.h"

namespace provisioning {
namespace {

v1::MissingPassword ToMessage(MissingPassword value) {
  return value == MissingPassword::kGenerate ? v1::MISSING_PASSWORD_GENERATE
                                             : v1::MISSING_PASSWORD_REJECT;
}

v1::ExistingAccount ToMessage(ExistingAccount value) {
  switch (value) {
    case ExistingAccount::kReport:
      return v1::EXISTING_ACCOUNT_REPORT;
    case ExistingAccount::kUpdateProfile:
      return v1::EXISTING_ACCOUNT_UPDATE_PROFILE;
    case ExistingAccount::kReissuePending:
      return v1::EXISTING_ACCOUNT_REISSUE_PENDING;
  }
  return v1::EXISTING_ACCOUNT_UNSPECIFIED;
}

template <typename Message>
void SetDuration(absl::Duration duration, Message& message) {
  message.set_seconds(absl::IDivDuration(duration, absl::Seconds(1), &duration));
  message.set_nanos(static_cast<int>(absl::ToInt64Nanoseconds(duration)));
}

}  // namespace

void ToMessage(absl::Time time, google::protobuf::Timestamp& message) {
  SetDuration(time - absl::UnixEpoch(), message);
}

void ToMessage(const OutcomeCounts& counts, v1::OutcomeCounts& message) {
  message.set_rejected(counts[RowOutcome::kRejected]);
  message.set_duplicate_row(counts[RowOutcome::kDuplicateRow]);
  message.set_conflicting_replay(counts[RowOutcome::kConflictingReplay]);
  message.set_already_exists(counts[RowOutcome::kAlreadyExists]);
  message.set_updated(counts[RowOutcome::kUpdated]);
  message.set_reissued(counts[RowOutcome::kReissued]);
  message.set_created(counts[RowOutcome::kCreated]);
  message.set_valid(counts[RowOutcome::kValid]);
}

void ToMessage(const StreamProgress& progress, v1::ImportProgress& message) {
  ToMessage(progress.rows, *message.mutable_rows());
  message.set_replayed_rows(progress.replayed_rows);
  message.set_rows_per_second(progress.rows_per_second);
  v1::RowsWaiting& waiting = *message.mutable_waiting();
  waiting.set_checking(progress.waiting.checking);
  waiting.set_look_up(progress.waiting.look_up);
  waiting.set_hashing(progress.waiting.hashing);
  waiting.set_commit(progress.waiting.commit);
  waiting.set_sending(progress.waiting.sending);
}

void ToMessage(const StreamSummary& summary, v1::ImportSummary& message) {
  ToMessage(summary.rows, *message.mutable_rows());
  message.set_replayed_rows(summary.replayed_rows);
  message.set_passwords_not_repeatable(summary.passwords_not_repeatable);
  SetDuration(summary.elapsed, *message.mutable_elapsed());
  message.set_duplicates_checked_through_row(summary.duplicates_checked_through_row);
}

void ToMessage(const ImportRecord& record, v1::Import& message) {
  message.set_organization_id(record.key.organization_id.value());
  message.set_import_id(record.key.import_id.ToString());
  message.set_state(static_cast<v1::ImportState>(record.state));
  message.set_settled_through_row(record.settled_through_row);
  ToMessage(record.rows, *message.mutable_rows());
  message.set_missing_password(ToMessage(record.options.missing_password));
  message.set_existing_account(ToMessage(record.options.existing_account));
  SetDuration(record.options.temporary_password_ttl, *message.mutable_temporary_password_ttl());
  message.set_source_name(record.options.source_name);
  message.set_source_sha256(record.options.source_sha256);
  message.set_session_id(record.session_id);
  message.set_attempt(record.attempt);
  message.set_stream_count(record.stream_count);
  ToMessage(record.create_time, *message.mutable_create_time());
  ToMessage(record.update_time, *message.mutable_update_time());
  message.set_reverted_clients(record.reverted_clients);
}

void ToMessage(const ClientRecord& record, v1::Client& message) {
  message.set_organization_id(record.organization_id.value());
  message.set_client_id(record.client_id.ToString());
  message.set_email_address(record.email_address);
  message.set_first_name(record.profile.first_name);
  message.set_last_name(record.profile.last_name);
  if (record.profile.birthdate != 0) {
    message.set_birthdate(absl::StrFormat("%08d", record.profile.birthdate));
  }
  if (record.profile.gender != 0) message.set_gender(std::string(1, record.profile.gender));
  message.set_state(record.pending ? v1::CLIENT_STATE_PENDING : v1::CLIENT_STATE_ACTIVE);
  ToMessage(record.create_time, *message.mutable_create_time());
  ToMessage(record.update_time, *message.mutable_update_time());
  if (record.created_by) {
    message.set_import_id(record.created_by->import_id.ToString());
    message.set_row_number(record.created_by->row_number);
  }
  if (record.credential_set_by) {
    message.set_password_import_id(record.credential_set_by->import_id.ToString());
    message.set_password_row_number(record.credential_set_by->row_number);
  }
  if (record.password_expires_at != absl::InfinitePast()) {
    ToMessage(record.password_expires_at, *message.mutable_temporary_password_expires_at());
  }
  message.set_consecutive_failures(record.consecutive_failures);
}

void ToMessage(const FieldIssue& issue, v1::FieldIssue& message) {
  message.set_field(issue.field);
  message.set_code(static_cast<v1::FieldIssueCode>(issue.code));
  message.set_message(issue.message);
  message.set_suggestion(issue.suggestion);
}

void ToMessage(const RowResult& result, v1::RowResult& message) {
  message.set_row_number(result.row_number);
  message.set_outcome(static_cast<v1::RowOutcome>(result.outcome));
  message.set_email_address(result.email_address);
  if (!result.client_id.is_nil()) message.set_client_id(result.client_id.ToString());
  const std::string_view password = result.temporary_password.Reveal();
  message.set_temporary_password(password.data(), password.size());
  if (result.password_expires_at != absl::InfinitePast()) {
    ToMessage(result.password_expires_at, *message.mutable_password_expires_at());
  }
  message.set_first_row_number(result.first_row_number);
  for (const FieldIssue& issue : result.violations) ToMessage(issue, *message.add_violations());
  for (const FieldIssue& issue : result.warnings) ToMessage(issue, *message.add_warnings());
  message.set_replayed(result.replayed);
}

void ToMessage(const KeptClient& kept, v1::KeptClient& message) {
  message.set_row_number(kept.row_number);
  message.set_client_id(kept.client_id.ToString());
  message.set_email_address(kept.email_address);
  message.set_reason(static_cast<v1::KeptReason>(kept.reason));
}

void ToMessage(const AuditRecord& record, v1::AuditRecord& message) {
  message.set_audit_id(record.audit_id);
  ToMessage(record.time, *message.mutable_time());
  message.set_organization_id(record.organization_id.value());
  message.set_caller(record.caller.name);
  message.set_event(std::string(AuditEventName(record.event)));
  if (record.import_id) message.set_import_id(record.import_id->ToString());
  if (record.client_id) message.set_client_id(record.client_id->ToString());
  if (record.event == AuditEvent::kImportCompleted) ToMessage(record.rows, *message.mutable_rows());
  message.set_clients(record.clients);
}

v1::ImportLimits LimitsMessage(double hashes_per_second) {
  v1::ImportLimits message;
  message.set_rows_per_message_max(limits::rows_per_message_max);
  message.set_message_bytes_max(limits::request_bytes_max);
  message.set_validated_duplicate_rows_max(limits::validated_duplicate_rows_max);
  message.set_hashes_per_second(hashes_per_second);
  return message;
}

v1::GetImportSchemaResponse SchemaMessage(double hashes_per_second) {
  v1::GetImportSchemaResponse message;
  for (const ColumnRule& rule : ColumnRules()) {
    v1::ImportColumn& column = *message.add_columns();
    column.set_name(std::string(ColumnName(rule.column)));
    column.set_required(rule.required);
    column.set_characters_min(rule.characters_min);
    column.set_characters_max(rule.characters_max);
    column.set_bytes_max(rule.bytes_max);
    column.set_description(std::string(rule.description));
    column.set_example(std::string(rule.example));
  }
  *message.mutable_limits() = LimitsMessage(hashes_per_second);
  for (const IssueCodeRule& rule : IssueCodeRules()) {
    v1::FieldIssueDescription& description = *message.add_issue_codes();
    description.set_code(static_cast<v1::FieldIssueCode>(rule.code));
    description.set_rejects(rule.rejects);
    description.set_description(std::string(rule.description));
  }
  message.set_template_header(TemplateHeader());
  return message;
}

}  // namespace provisioning
