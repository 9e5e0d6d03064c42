// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/account/account_fixture.h"

namespace provisioning {
namespace {

using testing::IsEmpty;

class ReissuePasswordTest : public AccountFixture {
 protected:
  struct Options {
    std::string_view password = "";
    absl::Duration ttl = absl::Hours(3);
    bool reset_active = false;
    std::optional<Uuid> import_id = {};
  };
  absl::StatusOr<RowResult> Reissue(const std::string& email_address, const Options& options) {
    return core_->ReissuePassword({.client = *Client(email_address),
                                   .password = SecretString(options.password),
                                   .ttl = options.ttl,
                                   .reset_active = options.reset_active,
                                   .import_id = options.import_id,
                                   .caller = caller});
  }
  absl::StatusOr<RowResult> Reissue(const std::string& email_address) {
    return Reissue(email_address, {});
  }
};

TEST_F(ReissuePasswordTest, AGeneratedPasswordComesWithTheAnswer) {
  const std::string old_password = MakeGenerated("ann@x.example");
  clock_.Advance(absl::Microseconds(7) + absl::Nanoseconds(300));
  const auto result = Reissue("ann@x.example");
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->outcome, RowOutcome::kReissued);
  EXPECT_EQ(result->email_address, "ann@x.example");
  EXPECT_EQ(result->client_id, Client("ann@x.example")->client_id);
  EXPECT_EQ(result->row_number, 5);
  EXPECT_FALSE(result->replayed);
  EXPECT_EQ(result->password_expires_at, Client("ann@x.example")->password_expires_at);
  EXPECT_EQ(absl::ToUnixMicros(result->password_expires_at),
            absl::ToUnixMicros(clock_.Now() + absl::Hours(3)));
  EXPECT_EQ(Verified("ann@x.example", old_password), VerifyOutcome::kWrong);
  EXPECT_EQ(Activated("ann@x.example", result->temporary_password.Reveal()),
            ActivateOutcome::kActivated);
}

TEST_F(ReissuePasswordTest, AGivenPasswordIsNotRepeated) {
  MakeGenerated("ann@x.example");
  const auto result = Reissue("ann@x.example", {.password = "Meadow-Compass-77"});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->outcome, RowOutcome::kReissued);
  EXPECT_TRUE(result->temporary_password.empty());
  EXPECT_THAT(result->violations, IsEmpty());
  EXPECT_EQ(Verified("ann@x.example", "Meadow-Compass-77"), VerifyOutcome::kMustActivate);
}

TEST_F(ReissuePasswordTest, APasswordAgainstTheRulesTouchesNothing) {
  const std::string password = MakeGenerated("ann@x.example");
  const std::string credential = CredentialOf("ann@x.example");
  for (const std::string_view given :
       {"short", "with\tcontrol", "\xff\xff\xff\xff\xff\xff\xff\xff"}) {
    const auto result = Reissue("ann@x.example", {.password = given});
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ(result->outcome, RowOutcome::kRejected);
    EXPECT_FALSE(result->violations.empty());
    for (const FieldIssue& violation : result->violations) {
      EXPECT_EQ(violation.field, "temporary_password") << "as the request calls it";
    }
    EXPECT_EQ(result->password_expires_at, absl::InfinitePast());
    EXPECT_EQ(CredentialOf("ann@x.example"), credential);
  }
  EXPECT_EQ(Verified("ann@x.example", password), VerifyOutcome::kMustActivate);
}

TEST_F(ReissuePasswordTest, AWeakPasswordIsWarnedOf) {
  MakeGenerated("ann@x.example");
  const auto result = Reissue("ann@x.example", {.password = "12345678"});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->outcome, RowOutcome::kReissued);
  ASSERT_FALSE(result->warnings.empty());
  EXPECT_EQ(result->warnings.at(0).field, "temporary_password");
}

TEST_F(ReissuePasswordTest, ATimeThatIsTooShortIsRefused) {
  const std::string password = MakeGenerated("ann@x.example");
  SetOptions({.failures = {}, .temporary_password_ttl_min = absl::Hours(2)});
  const auto result = Reissue("ann@x.example", {.ttl = absl::Hours(2) - absl::Seconds(1)});
  EXPECT_THAT(result.status(), HasReason(ErrorReason::kOptionInvalid));
  EXPECT_EQ(FieldOf(result.status()), "temporary_password_ttl");
  EXPECT_EQ(Verified("ann@x.example", password), VerifyOutcome::kMustActivate);
  EXPECT_TRUE(Reissue("ann@x.example", {.ttl = absl::Hours(2)}).ok());
}

TEST_F(ReissuePasswordTest, AnExpiredPasswordIsReplaced) {
  MakeGenerated("ann@x.example");
  clock_.Advance(absl::Hours(24 * 30));
  const auto result = Reissue("ann@x.example");
  EXPECT_EQ(Activated("ann@x.example", result->temporary_password.Reveal()),
            ActivateOutcome::kActivated);
}

TEST_F(ReissuePasswordTest, ALockedClientIsUnlocked) {
  SetOptions({.failures = {.failures_max = 3, .failures_without_wait = 3}});
  MakeGenerated("ann@x.example");
  Fail("ann@x.example", 3);
  EXPECT_EQ(Verified("ann@x.example", wrong_password), VerifyOutcome::kLocked);
  const auto result = Reissue("ann@x.example");
  EXPECT_EQ(FailuresOf("ann@x.example"), 0);
  EXPECT_EQ(Verified("ann@x.example", result->temporary_password.Reveal()),
            VerifyOutcome::kMustActivate);
}

TEST_F(ReissuePasswordTest, AnActiveClientIsResetOnlyWhenThatIsAskedFor) {
  MakeActive("ann@x.example", good_password);
  EXPECT_THAT(Reissue("ann@x.example").status(), HasReason(ErrorReason::kClientActive));
  EXPECT_EQ(Verified("ann@x.example", good_password), VerifyOutcome::kOk);
  const auto result = Reissue("ann@x.example", {.reset_active = true});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->outcome, RowOutcome::kReissued);
  EXPECT_TRUE(Client("ann@x.example")->pending);
  EXPECT_EQ(Verified("ann@x.example", good_password), VerifyOutcome::kWrong);
  EXPECT_EQ(Verified("ann@x.example", result->temporary_password.Reveal()),
            VerifyOutcome::kMustActivate);
}

TEST_F(ReissuePasswordTest, ForAnImportOnlyWhatItSetIsReplaced) {
  MakeGenerated("ann@x.example");
  const Uuid import_id = Client("ann@x.example")->created_by->import_id;
  EXPECT_TRUE(Reissue("ann@x.example", {.import_id = import_id}).ok());
  EXPECT_TRUE(Reissue("ann@x.example", {.import_id = import_id}).ok()) << "as often as needed";
  EXPECT_THAT(Reissue("ann@x.example", {.import_id = Uuid::NewV7(clock_.Now())}).status(),
              HasReason(ErrorReason::kPasswordReplaced));
  const auto by_hand = Reissue("ann@x.example");
  EXPECT_THAT(Reissue("ann@x.example", {.import_id = import_id}).status(),
              HasReason(ErrorReason::kPasswordReplaced));
  EXPECT_EQ(Verified("ann@x.example", by_hand->temporary_password.Reveal()),
            VerifyOutcome::kMustActivate);
}

// Not that of the import which made the client: it has other rows.
TEST_F(ReissuePasswordTest, ForAnImportTheAnswersRowIsOneOfIts) {
  MakeGenerated("ann@x.example");
  ImportOptions options;
  options.existing_account = ExistingAccount::kReissuePending;
  TestImport other(*store_, clock_, organization, options);
  other.Claim();
  other.SettleOne({.number = 8, .email_address = "ann@x.example"});
  const Uuid import_id = other.key().import_id;
  EXPECT_EQ(Reissue("ann@x.example", {.import_id = import_id})->row_number, 8);
  const auto rejected = Reissue("ann@x.example", {.password = "short", .import_id = import_id});
  EXPECT_EQ(rejected->outcome, RowOutcome::kRejected);
  EXPECT_EQ(rejected->row_number, 8);
  EXPECT_EQ(Reissue("ann@x.example")->row_number, 5) << "of the row that made the client";
}

TEST_F(ReissuePasswordTest, WhoHasGoneMeanwhileIsNotFound) {
  MakeGenerated("ann@x.example");
  ReissueRequest request{.client = *Client("ann@x.example"),
                         .password = SecretString(),
                         .ttl = absl::Hours(3),
                         .reset_active = true,
                         .import_id = std::nullopt,
                         .caller = caller};
  ASSERT_TRUE(
      store_->EraseClient(organization, request.client.client_id, caller, clock_.Now()).value());
  EXPECT_THAT(core_->ReissuePassword(std::move(request)).status(),
              HasReason(ErrorReason::kClientNotFound));
}

}  // namespace
}  // namespace provisioning
