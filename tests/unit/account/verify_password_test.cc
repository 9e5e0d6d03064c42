// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/account/account_fixture.h"

namespace provisioning {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using VerifyPasswordTest = AccountFixture;

TEST_F(VerifyPasswordTest, ATemporaryPasswordIsForActivationOnly) {
  const std::string password = MakeGenerated("ann@x.example");
  const auto answer = Verify("ann@x.example", password);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->outcome, VerifyOutcome::kMustActivate);
  EXPECT_EQ(answer->client_id, Client("ann@x.example")->client_id);
  EXPECT_THAT(store_->TakeCalls(), testing::Not(testing::Contains("signed in")));
}

TEST_F(VerifyPasswordTest, ATemporaryPasswordExpiresAtItsInstant) {
  const std::string password = MakeGenerated("ann@x.example");
  const absl::Time expiry = Client("ann@x.example")->password_expires_at;
  clock_.Set(expiry - absl::Microseconds(1));
  EXPECT_EQ(Verified("ann@x.example", password), VerifyOutcome::kMustActivate);
  clock_.Set(expiry);
  EXPECT_EQ(Verified("ann@x.example", password), VerifyOutcome::kExpired);
  EXPECT_EQ(Verified("ann@x.example", wrong_password), VerifyOutcome::kWrong)
      << "who does not know it does not learn that it has expired";
}

TEST_F(VerifyPasswordTest, ALastingPasswordDoesNotExpire) {
  MakeActive("ann@x.example", good_password);
  clock_.Advance(absl::Hours(24 * 3650));
  const auto answer = Verify("ann@x.example", good_password);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->outcome, VerifyOutcome::kOk);
  EXPECT_EQ(answer->client_id, Client("ann@x.example")->client_id);
}

TEST_F(VerifyPasswordTest, AWrongPasswordNamesNobody) {
  MakeActive("ann@x.example", good_password);
  const std::string long_one(2000, 'x');
  for (const std::string_view password :
       {wrong_password, std::string_view(""), std::string_view("harbour-lantern-42"),
        std::string_view("Harbour-Lantern-42 "), std::string_view("\xff"),
        std::string_view("\0", 1), std::string_view(long_one)}) {
    const auto answer = Verify("ann@x.example", password);
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(answer->outcome, VerifyOutcome::kWrong) << password;
    EXPECT_TRUE(answer->client_id.is_nil());
  }
  EXPECT_EQ(FailuresOf("ann@x.example"), 7);
}

TEST_F(VerifyPasswordTest, AnAddressIsFoundHoweverItIsTyped) {
  MakeActive("ann@xn--mller-kva.example", good_password);
  for (const char* typed :
       {"ann@xn--mller-kva.example", " Ann@Müller.example ", "ANN@MÜLLER.EXAMPLE"}) {
    EXPECT_EQ(Verified(typed, good_password), VerifyOutcome::kOk) << typed;
  }
}

TEST_F(VerifyPasswordTest, WhoHasGoneIsUnknown) {
  MakeActive("ann@x.example", good_password);
  ASSERT_TRUE(
      store_->EraseClient(organization, Client("ann@x.example")->client_id, caller, clock_.Now())
          .value());
  EXPECT_EQ(Verified("ann@x.example", good_password), VerifyOutcome::kWrong);
}

TEST_F(VerifyPasswordTest, ARightPasswordForgetsTheFailures) {
  const std::string password = MakeGenerated("ann@x.example");
  Fail("ann@x.example", 9);
  EXPECT_EQ(FailuresOf("ann@x.example"), 9);
  EXPECT_EQ(Verified("ann@x.example", password), VerifyOutcome::kMustActivate);
  EXPECT_EQ(FailuresOf("ann@x.example"), 0);
}

TEST_F(VerifyPasswordTest, TheFirstSignInIsRecordedAndNoOther) {
  MakeActive("ann@x.example", good_password);
  const std::string credential = CredentialOf("ann@x.example");
  (void)store_->TakeCalls();
  EXPECT_EQ(Verified("ann@x.example", good_password), VerifyOutcome::kOk);
  EXPECT_THAT(store_->TakeCalls(), ElementsAre("find", "count", "forget", "signed in"));
  Reopen();
  EXPECT_EQ(CredentialOf("ann@x.example"), credential);
  EXPECT_EQ(Verified("ann@x.example", good_password), VerifyOutcome::kOk);
  EXPECT_THAT(store_->TakeCalls(), ElementsAre("find", "count", "forget"));
}

// Who was answered OK is no client whom nobody has used, whatever happens then.
TEST_F(VerifyPasswordTest, AFirstSignInThatCannotBeRecordedIsNone) {
  MakeActive("ann@x.example", good_password);
  store_->FailSignIns(MakeError(ErrorReason::kStoreUnavailable, "away"));
  EXPECT_THAT(Verify("ann@x.example", good_password).status(),
              HasReason(ErrorReason::kStoreUnavailable));
  store_->FailSignIns(absl::OkStatus());
  EXPECT_EQ(Verified("ann@x.example", good_password), VerifyOutcome::kOk);
  EXPECT_TRUE(store_->FindSignInAccount(organization, "ann@x.example").value()->used)
      << "before the answer";
}

TEST_F(VerifyPasswordTest, WhatIsLostOfALaterSignInIsTriedAgainAtTheNext) {
  MakeActive("ann@x.example", good_password);
  ASSERT_EQ(Verified("ann@x.example", good_password), VerifyOutcome::kOk);
  SetHashCost({.memory_kib = 16, .iterations = 2});
  store_->FailSignIns(MakeError(ErrorReason::kDiskFull, "full"));
  EXPECT_EQ(Verified("ann@x.example", good_password), VerifyOutcome::kOk);
  EXPECT_THAT(CredentialOf("ann@x.example"), testing::Not(HasSubstr("m=16,t=2")));
  store_->FailSignIns(absl::OkStatus());
  EXPECT_EQ(Verified("ann@x.example", good_password), VerifyOutcome::kOk);
  EXPECT_THAT(CredentialOf("ann@x.example"), HasSubstr("m=16,t=2"));
}

TEST_F(VerifyPasswordTest, AnActivatedClientLeavesNothingOfASignIn) {
  const std::string password = MakeGenerated("ann@x.example");
  ASSERT_EQ(Activated("ann@x.example", password), ActivateOutcome::kActivated);
  (void)store_->TakeCalls();
  EXPECT_EQ(Verified("ann@x.example", good_password), VerifyOutcome::kOk);
  EXPECT_THAT(store_->TakeCalls(), ElementsAre("find", "count", "forget"));
}

TEST_F(VerifyPasswordTest, APasswordIsHashedAnewOnceTheCostHasChanged) {
  MakeActive("ann@x.example", good_password);
  ASSERT_EQ(Verified("ann@x.example", good_password), VerifyOutcome::kOk);
  SetHashCost({.memory_kib = 16, .iterations = 2});
  (void)store_->TakeCalls();
  EXPECT_EQ(Verified("ann@x.example", wrong_password), VerifyOutcome::kWrong);
  EXPECT_THAT(store_->TakeCalls(), ElementsAre("find", "count"));
  EXPECT_EQ(Verified("ann@x.example", good_password), VerifyOutcome::kOk);
  EXPECT_THAT(store_->TakeCalls(), ElementsAre("find", "count", "forget", "signed in, rehashed"));
  Reopen();
  EXPECT_THAT(CredentialOf("ann@x.example"), HasSubstr("m=16,t=2"));
  EXPECT_EQ(Verified("ann@x.example", good_password), VerifyOutcome::kOk);
  EXPECT_THAT(store_->TakeCalls(), ElementsAre("find", "count", "forget"));
  EXPECT_EQ(Verified("ann@x.example", wrong_password), VerifyOutcome::kWrong);
}

TEST_F(VerifyPasswordTest, AnImportedHashBecomesOneOfOurs) {
  MakeWithHash("ann@x.example", test_hash);
  EXPECT_EQ(Verified("ann@x.example", "allmine"), VerifyOutcome::kOk);
  Reopen();
  EXPECT_THAT(CredentialOf("ann@x.example"), testing::StartsWith("$argon2id$v=19$m=8,t=1,p=1$"));
  EXPECT_EQ(Verified("ann@x.example", "allmine"), VerifyOutcome::kOk);
  EXPECT_EQ(Verified("ann@x.example", "Allmine"), VerifyOutcome::kWrong);
}

// A temporary password is never hashed anew: it is short-lived.
TEST_F(VerifyPasswordTest, ATemporaryPasswordStaysAsItIs) {
  MakeGiven("ann@x.example", good_password);
  const std::string credential = CredentialOf("ann@x.example");
  SetHashCost({.memory_kib = 16, .iterations = 2});
  EXPECT_EQ(Verified("ann@x.example", good_password), VerifyOutcome::kMustActivate);
  Reopen();
  EXPECT_EQ(CredentialOf("ann@x.example"), credential);
}

TEST_F(VerifyPasswordTest, AStoreThatIsAwayIsAnError) {
  MakeActive("ann@x.example", good_password);
  store_->AnswerAttempts(MakeError(ErrorReason::kStoreUnavailable, "away"));
  for (const char* address : {"ann@x.example", "nobody@x.example"}) {
    EXPECT_THAT(Verify(address, good_password).status(), HasReason(ErrorReason::kStoreUnavailable));
  }
}

}  // namespace
}  // namespace provisioning
