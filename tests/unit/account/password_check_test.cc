// SPDX-License-Identifier: Apache-2.0
// Whoever guesses gets no more tries than the limits allow, and learns nothing of
// who has an account.
#include <time.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <thread>

#include "tests/unit/account/account_fixture.h"

namespace provisioning {
namespace {

using testing::ElementsAre;
using Verdict = AttemptAnswer::Verdict;

using PasswordCheckTest = AccountFixture;

// How long this thread has worked.
absl::Duration CpuTime() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return absl::DurationFromTimespec(time);
}

TEST_F(PasswordCheckTest, AFailureIsCountedBeforeThePasswordIsLookedAt) {
  MakeActive("ann@x.example", good_password);
  (void)store_->TakeCalls();
  // Who is refused is refused with the right password too.
  store_->AnswerAttempts(AttemptAnswer{.verdict = Verdict::kLocked, .failures = 100});
  EXPECT_EQ(Verified("ann@x.example", good_password), VerifyOutcome::kLocked);
  EXPECT_THAT(store_->TakeCalls(), ElementsAre("find", "count"));
  store_->AnswerAttempts(AttemptAnswer{
      .verdict = Verdict::kTooEarly, .failures = 12, .retry_after = absl::Seconds(90)});
  const auto early = Verify("ann@x.example", good_password);
  EXPECT_THAT(early.status(), HasReason(ErrorReason::kTooManyFailures));
  EXPECT_EQ(WaitOf(early.status()), absl::Seconds(90));
  EXPECT_THAT(store_->TakeCalls(), ElementsAre("find", "count"));
}

TEST_F(PasswordCheckTest, ARefusedTryCostsNoHash) {
  SetHashCost({.memory_kib = 7168, .iterations = 5});
  MakeActive("ann@x.example", good_password);
  const auto cost_of = [&](const char* address, int times) {
    const absl::Duration before = CpuTime();
    for (int i = 0; i < times; ++i) (void)Verify(address, wrong_password);
    return CpuTime() - before;
  };
  const absl::Duration hashed = cost_of("ann@x.example", 2);
  const absl::Duration unknown = cost_of("nobody@x.example", 2);
  EXPECT_GT(unknown, hashed / 4) << "nobody's password is hashed as well";
  store_->AnswerAttempts(AttemptAnswer{.verdict = Verdict::kLocked, .failures = 100});
  EXPECT_LT(cost_of("ann@x.example", 2), hashed / 4);
  EXPECT_LT(cost_of("nobody@x.example", 2), hashed / 4);
}

TEST_F(PasswordCheckTest, AnEarlyTryIsRefusedEvenIfItWouldBeRight) {
  const std::string password = MakeGenerated("ann@x.example");
  Fail("ann@x.example", 10);
  const auto early = Verify("ann@x.example", password);
  EXPECT_THAT(early.status(), HasReason(ErrorReason::kTooManyFailures));
  EXPECT_EQ(WaitOf(early.status()), absl::Seconds(30));
  EXPECT_THAT(Activate("ann@x.example", password).status(),
              HasReason(ErrorReason::kTooManyFailures));
  EXPECT_EQ(FailuresOf("ann@x.example"), 10);
  clock_.Advance(absl::Seconds(30));
  EXPECT_EQ(Verified("ann@x.example", password), VerifyOutcome::kMustActivate);
  EXPECT_EQ(FailuresOf("ann@x.example"), 0);
}

TEST_F(PasswordCheckTest, AnUnknownAddressFailsWaitsAndLocksAsAnyOther) {
  MakeGenerated("pending@x.example");
  MakeActive("active@x.example", good_password);
  const std::array addresses = {"pending@x.example", "active@x.example", "nobody@x.example",
                                "no address at all"};
  int locked = 0;
  for (int n = 0; n < 230; ++n) {
    absl::Duration wait;
    std::vector<std::string> answers;
    for (const char* address : addresses) {
      const auto answer = Verify(address, wrong_password);
      wait = WaitOf(answer.status()).value_or(absl::ZeroDuration());
      answers.push_back(answer.ok() ? std::to_string(static_cast<int>(answer->outcome))
                                    : absl::FormatDuration(wait));
      EXPECT_TRUE(!answer.ok() || answer->client_id.is_nil());
      locked += answer.ok() && answer->outcome == VerifyOutcome::kLocked ? 1 : 0;
    }
    ASSERT_EQ(std::ranges::count(answers, answers[0]), 4) << n;
    clock_.Advance(wait);
  }
  EXPECT_GT(locked, 4);
}

TEST_F(PasswordCheckTest, AnAddressThatBecomesAClientBeginsWithoutFailures) {
  SetOptions({.failures = {.failures_max = 3, .failures_without_wait = 3}});
  Fail("ann@x.example", 3);
  EXPECT_EQ(Verified("ann@x.example", wrong_password), VerifyOutcome::kLocked);
  const std::string password = MakeGenerated("ann@x.example");
  EXPECT_EQ(Verified("ann@x.example", password), VerifyOutcome::kMustActivate);
}

TEST_F(PasswordCheckTest, TheLastFailureOfAClientIsInTheAuditOnce) {
  SetOptions({.failures = {.failures_max = 3, .failures_without_wait = 3}});
  MakeGenerated("ann@x.example");
  (void)store_->TakeCalls();
  for (const char* address : {"ann@x.example", "nobody@x.example"}) {
    for (int i = 0; i < 6; ++i) (void)Verify(address, wrong_password);
  }
  EXPECT_EQ(std::ranges::count(store_->TakeCalls(), "locked"), 1);
  Reopen();
  const auto audit = store_->ListAudit(0, 100).value().records;
  EXPECT_EQ(audit.back().event, AuditEvent::kClientLocked);
  EXPECT_EQ(audit.back().client_id, Client("ann@x.example")->client_id);
  EXPECT_EQ(audit.back().caller, caller);
}

TEST_F(PasswordCheckTest, ARightLastTryLocksNobody) {
  SetOptions({.failures = {.failures_max = 3, .failures_without_wait = 3}});
  const std::string password = MakeGenerated("ann@x.example");
  Fail("ann@x.example", 2);
  (void)store_->TakeCalls();
  EXPECT_EQ(Verified("ann@x.example", password), VerifyOutcome::kMustActivate);
  EXPECT_THAT(store_->TakeCalls(), ElementsAre("find", "count", "forget"));
}

TEST_F(PasswordCheckTest, AThousandGuessesAtOnceGetAHundredAnswers) {
  constexpr int threads_count = 20;
  constexpr int guesses = 50;
  SetOptions({.failures = {.failures_max = 100, .failures_without_wait = 100}});
  MakeGenerated("pending@x.example");
  MakeActive("active@x.example", good_password);
  for (const char* address : {"pending@x.example", "active@x.example", "nobody@x.example"}) {
    std::atomic<int> wrong = 0;
    std::atomic<int> locked = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < threads_count; ++i) {
      threads.emplace_back([&] {
        for (int j = 0; j < guesses; ++j) {
          const VerifyOutcome outcome = Verified(address, wrong_password);
          if (outcome == VerifyOutcome::kWrong) ++wrong;
          if (outcome == VerifyOutcome::kLocked) ++locked;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(wrong, 100) << address;
    EXPECT_EQ(locked, threads_count * guesses - 100) << address;
    EXPECT_EQ(Verified(address, good_password), VerifyOutcome::kLocked);
  }
}

TEST_F(PasswordCheckTest, AStoreThatCannotCountChecksNothing) {
  MakeActive("ann@x.example", good_password);
  (void)store_->TakeCalls();
  store_->AnswerAttempts(MakeError(ErrorReason::kDiskFull, "full"));
  EXPECT_THAT(Verify("ann@x.example", good_password).status(), HasReason(ErrorReason::kDiskFull));
  EXPECT_THAT(Activate("ann@x.example", good_password, "Another-Good-One-9").status(),
              HasReason(ErrorReason::kDiskFull));
  EXPECT_THAT(store_->TakeCalls(), ElementsAre("find", "count", "find", "count"));
}

}  // namespace
}  // namespace provisioning
