// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/message_conversion.h"

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/model/limits.h"

namespace provisioning {
namespace {

using testing::SizeIs;

constexpr char import_id[] = "0190a0a0-0000-7000-8000-000000000001";
constexpr char client_id[] = "0190a0a0-0000-7000-8000-000000000002";

TEST(MessageConversionTest, Timestamps) {
  google::protobuf::Timestamp message;
  ToMessage(absl::FromUnixMicros(1'500'000), message);
  EXPECT_EQ(message.seconds(), 1);
  EXPECT_EQ(message.nanos(), 500'000'000);
}

TEST(MessageConversionTest, CountsEveryOutcomeUnderItsName) {
  for (int number = 1; number <= row_outcome_count; ++number) {
    OutcomeCounts counts;
    counts[static_cast<RowOutcome>(number)] = 5;
    v1::OutcomeCounts message;
    ToMessage(counts, message);
    const auto* field = message.GetDescriptor()->FindFieldByNumber(number);
    EXPECT_EQ(message.GetReflection()->GetInt64(message, field), 5) << field->name();
    message.GetReflection()->ClearField(&message, field);
    EXPECT_EQ(message.ByteSizeLong(), 0) << "nothing else is counted";
  }
}

TEST(MessageConversionTest, Progress) {
  StreamProgress progress;
  progress.rows[RowOutcome::kCreated] = 2;
  progress.replayed_rows = 1;
  progress.rows_per_second = 2.5;
  progress.waiting = {.checking = 3, .look_up = 4, .hashing = 5, .commit = 6, .sending = 7};
  v1::ImportProgress message;
  ToMessage(progress, message);
  EXPECT_EQ(message.rows().created(), 2);
  EXPECT_EQ(message.replayed_rows(), 1);
  EXPECT_EQ(message.rows_per_second(), 2.5);
  EXPECT_EQ(message.waiting().checking(), 3);
  EXPECT_EQ(message.waiting().look_up(), 4);
  EXPECT_EQ(message.waiting().hashing(), 5);
  EXPECT_EQ(message.waiting().commit(), 6);
  EXPECT_EQ(message.waiting().sending(), 7);
}

TEST(MessageConversionTest, Summary) {
  StreamSummary summary;
  summary.rows[RowOutcome::kRejected] = 2;
  summary.replayed_rows = 1;
  summary.passwords_not_repeatable = 3;
  summary.elapsed = absl::Milliseconds(2500);
  summary.duplicates_checked_through_row = 9;
  v1::ImportSummary message;
  ToMessage(summary, message);
  EXPECT_EQ(message.rows().rejected(), 2);
  EXPECT_EQ(message.replayed_rows(), 1);
  EXPECT_EQ(message.passwords_not_repeatable(), 3);
  EXPECT_EQ(message.elapsed().seconds(), 2);
  EXPECT_EQ(message.elapsed().nanos(), 500'000'000);
  EXPECT_EQ(message.duplicates_checked_through_row(), 9);
}

ImportRecord SomeImport() {
  ImportRecord record{.key = {*OrganizationId::Parse("acme"), *Uuid::Parse(import_id)},
                      .state = ImportState::kComplete,
                      .settled_through_row = 12,
                      .rows = {},
                      .options = {.missing_password = MissingPassword::kGenerate,
                                  .existing_account = ExistingAccount::kUpdateProfile,
                                  .temporary_password_ttl = absl::Hours(2),
                                  .source_name = "a.csv",
                                  .source_sha256 = std::string(64, 'a')},
                      .session_id = "s",
                      .attempt = 4,
                      .stream_count = 5,
                      .create_time = absl::FromUnixSeconds(10),
                      .update_time = absl::FromUnixSeconds(20)};
  record.rows[RowOutcome::kCreated] = 11;
  return record;
}

TEST(MessageConversionTest, Import) {
  const ImportRecord record = SomeImport();
  v1::Import message;
  ToMessage(record, message);
  EXPECT_EQ(message.organization_id(), "acme");
  EXPECT_EQ(message.import_id(), import_id);
  EXPECT_EQ(message.state(), v1::IMPORT_STATE_COMPLETE);
  EXPECT_EQ(message.settled_through_row(), 12);
  EXPECT_EQ(message.rows().created(), 11);
  EXPECT_EQ(message.missing_password(), v1::MISSING_PASSWORD_GENERATE);
  EXPECT_EQ(message.existing_account(), v1::EXISTING_ACCOUNT_UPDATE_PROFILE);
  EXPECT_EQ(message.temporary_password_ttl().seconds(), 7200);
  EXPECT_EQ(message.source_name(), "a.csv");
  EXPECT_EQ(message.source_sha256(), std::string(64, 'a'));
  EXPECT_EQ(message.session_id(), "s");
  EXPECT_EQ(message.attempt(), 4);
  EXPECT_EQ(message.stream_count(), 5);
  EXPECT_EQ(message.create_time().seconds(), 10);
  EXPECT_EQ(message.update_time().seconds(), 20);
}

TEST(MessageConversionTest, OpenImportWithReport) {
  ImportRecord record = SomeImport();
  record.state = ImportState::kOpen;
  record.options.missing_password = MissingPassword::kReject;
  record.options.existing_account = ExistingAccount::kReissuePending;
  v1::Import message;
  ToMessage(record, message);
  EXPECT_EQ(message.state(), v1::IMPORT_STATE_OPEN);
  EXPECT_EQ(message.missing_password(), v1::MISSING_PASSWORD_REJECT);
  EXPECT_EQ(message.existing_account(), v1::EXISTING_ACCOUNT_REISSUE_PENDING);
}

ClientRecord SomeClient() {
  return {.organization_id = *OrganizationId::Parse("acme"),
          .client_id = *Uuid::Parse(client_id),
          .email_address = "a@x.example",
          .profile = {.first_name = "Ann", .last_name = "Ng", .birthdate = 19810203, .gender = 'F'},
          .pending = true,
          .create_time = absl::FromUnixSeconds(10),
          .update_time = absl::FromUnixSeconds(20),
          .created_by = RowReference{*Uuid::Parse(import_id), 6},
          .credential_set_by = RowReference{*Uuid::Parse(client_id), 9},
          .password_expires_at = absl::FromUnixSeconds(30)};
}

TEST(MessageConversionTest, Client) {
  v1::Client message;
  ToMessage(SomeClient(), message);
  EXPECT_EQ(message.organization_id(), "acme");
  EXPECT_EQ(message.client_id(), client_id);
  EXPECT_EQ(message.email_address(), "a@x.example");
  EXPECT_EQ(message.first_name(), "Ann");
  EXPECT_EQ(message.last_name(), "Ng");
  EXPECT_EQ(message.birthdate(), "19810203");
  EXPECT_EQ(message.gender(), "F");
  EXPECT_EQ(message.state(), v1::CLIENT_STATE_PENDING);
  EXPECT_EQ(message.create_time().seconds(), 10);
  EXPECT_EQ(message.update_time().seconds(), 20);
  EXPECT_EQ(message.import_id(), import_id);
  EXPECT_EQ(message.row_number(), 6);
  EXPECT_EQ(message.password_import_id(), client_id);
  EXPECT_EQ(message.password_row_number(), 9);
  EXPECT_EQ(message.temporary_password_expires_at().seconds(), 30);
}

TEST(MessageConversionTest, ClientOfWhomLittleIsKnown) {
  ClientRecord record = SomeClient();
  record.profile.birthdate = 0;
  record.profile.gender = 0;
  record.pending = false;
  record.created_by.reset();
  record.credential_set_by.reset();
  record.password_expires_at = absl::InfinitePast();
  v1::Client message;
  ToMessage(record, message);
  EXPECT_EQ(message.birthdate(), "");
  EXPECT_EQ(message.gender(), "");
  EXPECT_EQ(message.state(), v1::CLIENT_STATE_ACTIVE);
  EXPECT_EQ(message.import_id(), "");
  EXPECT_EQ(message.row_number(), 0);
  EXPECT_EQ(message.password_import_id(), "");
  EXPECT_EQ(message.password_row_number(), 0);
  EXPECT_FALSE(message.has_temporary_password_expires_at());
}

TEST(MessageConversionTest, Schema) {
  const v1::GetImportSchemaResponse schema = SchemaMessage(123.5);
  ASSERT_THAT(schema.columns(), SizeIs(column_count));
  EXPECT_EQ(schema.columns(0).name(), "email_address");
  EXPECT_TRUE(schema.columns(0).required());
  EXPECT_EQ(schema.columns(0).bytes_max(), limits::email_bytes_max);
  EXPECT_EQ(schema.limits().rows_per_message_max(), 4096);
  EXPECT_EQ(schema.limits().message_bytes_max(), 4 << 20);
  EXPECT_EQ(schema.limits().hashes_per_second(), 123.5);
  EXPECT_EQ(schema.template_header(),
            "email_address,initial_password,first_name,last_name,birthdate,gender");
  EXPECT_EQ(schema.issue_codes_size() + 1, v1::FieldIssueCode_descriptor()->value_count());
}

}  // namespace
}  // namespace provisioning
