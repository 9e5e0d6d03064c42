// SPDX-License-Identifier: Apache-2.0
// Every field of `start`: what it may say, and that a refusal names it.
#include "service/rpc/start_check.h"

#include <functional>
#include <string>

#include "gtest/gtest.h"
#include "service/model/error.h"

namespace provisioning {
namespace {

constexpr char import_id[] = "0190a0a0-0000-7000-8000-000000000001";

v1::ImportStart GoodStart() {
  v1::ImportStart start;
  start.set_organization_id("acme");
  start.set_import_id(import_id);
  return start;
}

v1::ImportStart ValidateStart() {
  v1::ImportStart start;
  start.set_organization_id("acme");
  start.set_validate_only(true);
  return start;
}

TEST(StartCheckTest, FillsInWhatIsNotSaid) {
  const auto start = CheckStart(GoodStart());
  ASSERT_TRUE(start.ok()) << start.status();
  EXPECT_EQ(start->organization_id.value(), "acme");
  EXPECT_EQ(start->import_id.ToString(), import_id);
  EXPECT_EQ(start->session_id, "");
  EXPECT_EQ(start->attempt, 0);
  EXPECT_FALSE(start->answered_through_row);
  EXPECT_FALSE(start->validate_only);
  EXPECT_EQ(start->rejected_rows_max, 0);
  EXPECT_EQ(start->options.missing_password, MissingPassword::kReject);
  EXPECT_EQ(start->options.existing_account, ExistingAccount::kReport);
  EXPECT_EQ(start->options.temporary_password_ttl, absl::Hours(7 * 24));
  EXPECT_EQ(start->options.source_name, "");
  EXPECT_EQ(start->options.source_sha256, "");
}

TEST(StartCheckTest, TakesWhatIsSaid) {
  v1::ImportStart message = GoodStart();
  message.set_session_id("laptop 1");
  message.set_attempt(3);
  message.set_answered_through_row(0);
  message.set_missing_password(v1::MISSING_PASSWORD_GENERATE);
  message.set_existing_account(v1::EXISTING_ACCOUNT_REISSUE_PENDING);
  message.mutable_temporary_password_ttl()->set_seconds(3600);
  message.set_rejected_rows_max(5);
  message.set_source_name("K\xC3\xB6ln.csv");
  message.set_source_sha256(std::string(64, 'a'));
  const auto start = CheckStart(message);
  ASSERT_TRUE(start.ok()) << start.status();
  EXPECT_EQ(start->session_id, "laptop 1");
  EXPECT_EQ(start->attempt, 3);
  EXPECT_EQ(start->answered_through_row, 0);
  EXPECT_EQ(start->options.missing_password, MissingPassword::kGenerate);
  EXPECT_EQ(start->options.existing_account, ExistingAccount::kReissuePending);
  EXPECT_EQ(start->options.temporary_password_ttl, absl::Hours(1));
  EXPECT_EQ(start->rejected_rows_max, 5);
  EXPECT_EQ(start->options.source_name, "K\xC3\xB6ln.csv");
  EXPECT_EQ(start->options.source_sha256, std::string(64, 'a'));
}

TEST(StartCheckTest, ValidationNeedsNoImportId) {
  const auto start = CheckStart(ValidateStart());
  ASSERT_TRUE(start.ok()) << start.status();
  EXPECT_TRUE(start->validate_only);
  EXPECT_TRUE(start->import_id.is_nil());
}

TEST(StartCheckTest, ValidationMakesNoImport) {
  v1::ImportStart start = ValidateStart();
  start.set_import_id(import_id);
  EXPECT_EQ(FieldOf(CheckStart(start).status()), "import_id");
}

TEST(StartCheckTest, ValidationCannotBeResumed) {
  v1::ImportStart start = ValidateStart();
  start.set_answered_through_row(0);
  EXPECT_EQ(FieldOf(CheckStart(start).status()), "answered_through_row");
}

struct OptionCase {
  const char* name;
  const char* field;
  bool allowed;
  std::function<void(v1::ImportStart&)> set;
};
class OptionTest : public testing::TestWithParam<OptionCase> {};

TEST_P(OptionTest, IsTakenOrNamed) {
  v1::ImportStart message = GoodStart();
  GetParam().set(message);
  const absl::Status status = CheckStart(message).status();
  if (GetParam().allowed) {
    EXPECT_TRUE(status.ok()) << status;
  } else {
    EXPECT_EQ(ReasonOf(status), ErrorReason::kOptionInvalid);
    EXPECT_EQ(FieldOf(status), GetParam().field);
  }
}

using S = v1::ImportStart;

std::function<void(S&)> Ttl(std::int64_t seconds, int nanos = 0) {
  return [seconds, nanos](S& s) {
    s.mutable_temporary_password_ttl()->set_seconds(seconds);
    s.mutable_temporary_password_ttl()->set_nanos(nanos);
  };
}
std::function<void(S&)> Organization(const std::string& id) {
  return [id](S& s) { s.set_organization_id(id); };
}
std::function<void(S&)> ImportId(const std::string& id) {
  return [id](S& s) { s.set_import_id(id); };
}
std::function<void(S&)> Session(const std::string& id) {
  return [id](S& s) { s.set_session_id(id); };
}
std::function<void(S&)> SourceName(const std::string& name) {
  return [name](S& s) { s.set_source_name(name); };
}
std::function<void(S&)> SourceSha256(const std::string& sum) {
  return [sum](S& s) { s.set_source_sha256(sum); };
}

INSTANTIATE_TEST_SUITE_P(
    Fields, OptionTest,
    testing::Values(
        OptionCase{"OrganizationMissing", "organization_id", false, Organization("")},
        OptionCase{"OrganizationUpperCase", "organization_id", false, Organization("Acme")},
        OptionCase{"OrganizationLongest", "", true, Organization(std::string(64, 'a'))},
        OptionCase{"OrganizationTooLong", "organization_id", false,
                   Organization(std::string(65, 'a'))},
        OptionCase{"OrganizationBeginsWithDot", "organization_id", false, Organization(".a")},
        OptionCase{"ImportIdMissing", "import_id", false, ImportId("")},
        OptionCase{"ImportIdUpperCase", "import_id", false,
                   ImportId("0190A0A0-0000-7000-8000-000000000001")},
        OptionCase{"ImportIdWithoutHyphens", "import_id", false,
                   ImportId("0190a0a0000070008000000000000001")},
        OptionCase{"SessionLongest", "", true, Session(std::string(64, '~'))},
        OptionCase{"SessionTooLong", "session_id", false, Session(std::string(65, 'a'))},
        OptionCase{"SessionNotAscii", "session_id", false, Session("K\xC3\xB6ln")},
        OptionCase{"SessionControl", "session_id", false, Session("a\nb")},
        OptionCase{"AttemptNegative", "attempt", false, [](S& s) { s.set_attempt(-1); }},
        OptionCase{"AttemptLargest", "", true, [](S& s) { s.set_attempt(INT64_MAX); }},
        OptionCase{"AnsweredNegative", "answered_through_row", false,
                   [](S& s) { s.set_answered_through_row(-1); }},
        OptionCase{"RejectedNegative", "rejected_rows_max", false,
                   [](S& s) { s.set_rejected_rows_max(-1); }},
        OptionCase{"MissingPasswordUnknown", "missing_password", false,
                   [](S& s) { s.set_missing_password(static_cast<v1::MissingPassword>(9)); }},
        OptionCase{"ExistingAccountUnknown", "existing_account", false,
                   [](S& s) { s.set_existing_account(static_cast<v1::ExistingAccount>(9)); }},
        OptionCase{"ExistingAccountUpdate", "", true,
                   [](S& s) { s.set_existing_account(v1::EXISTING_ACCOUNT_UPDATE_PROFILE); }},
        OptionCase{"TtlOfASecond", "", true, Ttl(1)},
        OptionCase{"TtlZero", "temporary_password_ttl", false, Ttl(0)},
        OptionCase{"TtlNegative", "temporary_password_ttl", false, Ttl(INT64_MIN)},
        OptionCase{"TtlLongest", "", true, Ttl(std::int64_t{90} * 24 * 3600)},
        OptionCase{"TtlTooLong", "temporary_password_ttl", false,
                   Ttl(std::int64_t{90} * 24 * 3600 + 1)},
        OptionCase{"TtlHuge", "temporary_password_ttl", false, Ttl(INT64_MAX)},
        OptionCase{"TtlFraction", "temporary_password_ttl", false, Ttl(3600, 1)},
        OptionCase{"TtlNegativeFraction", "temporary_password_ttl", false, Ttl(3601, -1)},
        OptionCase{"SourceNameLongest", "", true, SourceName(std::string(255, 'a'))},
        OptionCase{"SourceNameTooLong", "source_name", false, SourceName(std::string(256, 'a'))},
        OptionCase{"SourceNameControl", "source_name", false, SourceName("a\tb")},
        OptionCase{"SourceNameDelete", "source_name", false, SourceName("a\x7f")},
        OptionCase{"Sha256TooShort", "source_sha256", false, SourceSha256(std::string(63, 'a'))},
        OptionCase{"Sha256UpperCase", "source_sha256", false, SourceSha256(std::string(64, 'A'))},
        OptionCase{"Sha256NotHexadecimal", "source_sha256", false,
                   SourceSha256(std::string(64, 'g'))}),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace provisioning
