// SPDX-License-Identifier: Apache-2.0
// Wrong passwords are counted before they are checked: never more than allowed,
// whoever tries how many at once, whatever the clock does.
#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <random>
#include <thread>

#include "service/store/failure_key.h"
#include "tests/store_contract/identity_store_suite.h"
#include "tests/store_contract/test_account.h"
#include "tests/support/random_seed.h"

namespace provisioning {
namespace {

using Verdict = AttemptAnswer::Verdict;

FailureKey KeyOf(const OrganizationId& organization_id, std::string_view credential = "$one") {
  static const Uuid client = Uuid::NewV7(FakeClock().Now());
  return FailureKeyOf(organization_id, client, credential);
}

// Tries a password, now.
class Guesser {
 public:
  Guesser(IdentityStore& store, const FakeClock& clock, FailureKey key, FailureLimits limits = {})
      : store_(store), clock_(clock), key_(std::move(key)), limits_(limits) {}

  AttemptAnswer Try() const {
    const auto answer = store_.CountAttempt(key_, limits_, clock_.Now());
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.value();
  }
  void Forget() const { EXPECT_TRUE(store_.ForgetFailures(key_).ok()); }
  // So many that are counted, each as soon as it may be.
  void Fail(int count, FakeClock& clock) const {
    for (int i = 0; i < count; ++i) {
      AttemptAnswer answer = Try();
      if (answer.verdict == Verdict::kTooEarly) {
        clock.Advance(answer.retry_after);
        answer = Try();
      }
      ASSERT_EQ(answer.verdict, Verdict::kCounted);
    }
  }

 private:
  IdentityStore& store_;
  const FakeClock& clock_;
  const FailureKey key_;
  const FailureLimits limits_;
};

TEST_P(IdentityStoreSuite, ExactlyAsManyFailuresAreCountedAsAreAllowed) {
  for (const int failures_max : {1, 2, 3, 17}) {
    const FailureKey key = KeyOf(organization, std::to_string(failures_max));
    const Guesser guesser(*store_, clock_, key,
                          {.failures_max = failures_max, .failures_without_wait = failures_max});
    for (int n = 1; n <= failures_max; ++n) {
      const AttemptAnswer answer = guesser.Try();
      EXPECT_EQ(answer.verdict, Verdict::kCounted);
      EXPECT_EQ(answer.failures, n);
    }
    for (const absl::Duration later : {absl::ZeroDuration(), absl::Hours(24 * 365)}) {
      clock_.Advance(later);
      const AttemptAnswer answer = guesser.Try();
      EXPECT_EQ(answer.verdict, Verdict::kLocked);
      EXPECT_EQ(answer.failures, failures_max);
      EXPECT_EQ(answer.retry_after, absl::ZeroDuration());
    }
  }
}

TEST_P(IdentityStoreSuite, WaitsDoubleFromTheTenthFailureToAnHour) {
  const Guesser guesser(*store_, clock_, KeyOf(organization));
  absl::Duration wait = absl::Seconds(30);
  for (int n = 1; n <= 100; ++n) {
    SCOPED_TRACE(n);
    AttemptAnswer answer = guesser.Try();
    if (n > 10) {
      ASSERT_EQ(answer.verdict, Verdict::kTooEarly);
      EXPECT_EQ(answer.retry_after, wait);
      EXPECT_EQ(answer.failures, n - 1) << "it is not counted";
      clock_.Advance(wait - absl::Microseconds(1));
      answer = guesser.Try();
      ASSERT_EQ(answer.verdict, Verdict::kTooEarly);
      EXPECT_EQ(answer.retry_after, absl::Microseconds(1));
      clock_.Advance(absl::Microseconds(1));
      answer = guesser.Try();
      wait = std::min(2 * wait, absl::Hours(1));
    }
    ASSERT_EQ(answer.verdict, Verdict::kCounted);
    EXPECT_EQ(answer.failures, n);
  }
  EXPECT_EQ(wait, absl::Hours(1));
  EXPECT_EQ(guesser.Try().verdict, Verdict::kLocked);
}

TEST_P(IdentityStoreSuite, TheLimitsSayWhenWaitsBegin) {
  const FailureLimits limits{.failures_max = 100,
                             .failures_without_wait = 2,
                             .wait_min = absl::Seconds(3),
                             .wait_max = absl::Seconds(7)};
  const Guesser guesser(*store_, clock_, KeyOf(organization), limits);
  guesser.Fail(2, clock_);
  for (const int seconds : {3, 6, 7, 7}) {
    EXPECT_EQ(guesser.Try().retry_after, absl::Seconds(seconds));
    guesser.Fail(1, clock_);
  }
}

TEST_P(IdentityStoreSuite, ARightPasswordForgetsTheFailures) {
  const Guesser guesser(*store_, clock_, KeyOf(organization), few_failures);
  for (int round = 0; round < 3; ++round) {
    guesser.Fail(3, clock_);
    EXPECT_EQ(guesser.Try().verdict, Verdict::kLocked);
    guesser.Forget();
  }
  guesser.Forget();
  EXPECT_EQ(guesser.Try().failures, 1);
}

TEST_P(IdentityStoreSuite, AnotherCredentialBeginsWithoutFailures) {
  const Guesser one(*store_, clock_, KeyOf(organization, "$one"), few_failures);
  const Guesser two(*store_, clock_, KeyOf(organization, "$two"), few_failures);
  one.Fail(3, clock_);
  EXPECT_EQ(two.Try().failures, 1);
  // Forgetting those of a credential that is not the account's any more changes
  // nothing.
  one.Forget();
  EXPECT_EQ(two.Try().failures, 2);
}

TEST_P(IdentityStoreSuite, FailuresAreOfOneAccountOfOneOrganization) {
  Guesser(*store_, clock_, KeyOf(organization), few_failures).Fail(3, clock_);
  EXPECT_EQ(Guesser(*store_, clock_, KeyOf(other_organization), few_failures).Try().failures, 1);
  const FailureKey another =
      FailureKeyOf(organization, Uuid::NewV7(clock_.Now() + absl::Seconds(1)), "$one");
  EXPECT_EQ(Guesser(*store_, clock_, another, few_failures).Try().failures, 1);
}

TEST_P(IdentityStoreSuite, AClockThatIsSetBackLetsAWaitEndAndCountsOn) {
  for (const absl::Duration back :
       {absl::Seconds(1), absl::Hours(1), absl::Hours(24), absl::Hours(24 * 3653)}) {
    SCOPED_TRACE(absl::FormatDuration(back));
    clock_.Set(FakeClock().Now());
    const Guesser guesser(*store_, clock_, KeyOf(organization, absl::FormatDuration(back)));
    guesser.Fail(12, clock_);
    ASSERT_EQ(guesser.Try().verdict, Verdict::kTooEarly);
    clock_.Advance(-back);
    const AttemptAnswer answer = guesser.Try();
    EXPECT_EQ(answer.verdict, Verdict::kCounted);
    EXPECT_EQ(answer.failures, 13);
    // From then on the new time counts.
    EXPECT_EQ(guesser.Try().retry_after, absl::Seconds(30 * 8));
    guesser.Fail(100 - 13, clock_);
    EXPECT_EQ(guesser.Try().verdict, Verdict::kLocked);
    clock_.Advance(-back);
    EXPECT_EQ(guesser.Try().verdict, Verdict::kLocked) << "a lock is no wait";
  }
}

TEST_P(IdentityStoreSuite, FailuresAreThereAfterReopening) {
  Guesser(*store_, clock_, KeyOf(organization)).Fail(12, clock_);
  Reopen();
  const Guesser guesser(*store_, clock_, KeyOf(organization));
  const AttemptAnswer answer = guesser.Try();
  EXPECT_EQ(answer.verdict, Verdict::kTooEarly);
  EXPECT_EQ(answer.failures, 12);
  EXPECT_EQ(answer.retry_after, absl::Seconds(30 * 4));
}

TEST_P(IdentityStoreSuite, AClientIsShownWithTheFailures) {
  const TestAccount account(*store_, clock_, organization, Life::kPending);
  const FailureKey key = FailureKeyOf(organization, account.client_id(), account.credential());
  for (int n = 1; n <= 3; ++n) {
    Guesser(*store_, clock_, key, few_failures).Fail(1, clock_);
    EXPECT_EQ(account.Record()->consecutive_failures, n);
    EXPECT_EQ(Client(account.row().email_address)->consecutive_failures, n);
    EXPECT_EQ(
        store_->ListClients(organization, {}, std::nullopt, 1)->records.at(0).consecutive_failures,
        n);
  }
  Guesser(*store_, clock_, key).Forget();
  EXPECT_EQ(account.Record()->consecutive_failures, 0);
}

TEST_P(IdentityStoreSuite, AnAddressThatNobodyHasFailsWaitsAndLocksAsAny) {
  const FailureKey unknown = UnknownFailureKey(organization, "nobody@x.example");
  const FailureKey known = KeyOf(organization);
  const Guesser one(*store_, clock_, unknown);
  const Guesser two(*store_, clock_, known);
  for (int n = 0; n < 250; ++n) {
    const AttemptAnswer of_unknown = one.Try();
    const AttemptAnswer of_known = two.Try();
    ASSERT_EQ(of_unknown.verdict, of_known.verdict) << n;
    ASSERT_EQ(of_unknown.failures, of_known.failures) << n;
    ASSERT_EQ(of_unknown.retry_after, of_known.retry_after) << n;
    clock_.Advance(of_known.retry_after);
  }
  EXPECT_EQ(one.Try().verdict, Verdict::kLocked);
}

TEST_P(IdentityStoreSuite, ManyAtOnceGetNoMoreThanIsAllowed) {
  constexpr int threads_count = 8;
  for (const bool known : {true, false}) {
    const FailureKey key =
        known ? KeyOf(organization) : UnknownFailureKey(organization, "nobody@x.example");
    const FailureLimits limits{.failures_max = 100, .failures_without_wait = 100};
    std::atomic<int> counted = 0;
    std::vector<std::thread> threads;
    for (int thread = 0; thread < threads_count; ++thread) {
      threads.emplace_back([&] {
        const Guesser guesser(*store_, clock_, key, limits);
        for (int i = 0; i < 125; ++i) {
          if (guesser.Try().verdict == Verdict::kCounted) ++counted;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(counted, 100) << "of 1,000";
  }
}

// Wrong and right passwords for one account, from many threads, under random
// limits. Each right one begins a new series; how many wrong ones are counted in
// it no two threads may make more than the limit.
TEST_P(IdentityStoreSuite, NoSeriesOfFailuresIsLongerThanAllowedUnderAnyInterleaving) {
  const std::uint64_t seed = RandomSeed();
  SCOPED_TRACE("SEED=" + std::to_string(seed));
  const char* const count = std::getenv("COUNT");
  const int rounds = count != nullptr ? std::atoi(count) : 20;
  std::mt19937_64 random(seed);
  for (int round = 0; round < rounds && !HasFailure(); ++round) {
    const int failures_max = 1 + static_cast<int>(random() % 12);
    const int threads_count = 2 + static_cast<int>(random() % 5);
    const unsigned right_of = 2 + random() % 20;
    const FailureLimits limits{.failures_max = failures_max, .failures_without_wait = failures_max};
    const FailureKey key = KeyOf(organization, "$" + std::to_string(round));
    std::atomic<int> counted = 0;
    std::atomic<int> forgotten = 0;
    std::vector<std::thread> threads;
    for (int thread = 0; thread < threads_count; ++thread) {
      threads.emplace_back([&, thread_seed = random()] {
        std::mt19937_64 choice(thread_seed);
        const Guesser guesser(*store_, clock_, key, limits);
        for (int i = 0; i < 60; ++i) {
          const AttemptAnswer answer = guesser.Try();
          EXPECT_GE(answer.failures, 1);
          EXPECT_LE(answer.failures, failures_max);
          if (answer.verdict != Verdict::kCounted) continue;
          ++counted;
          if (choice() % right_of != 0) continue;
          ++forgotten;
          guesser.Forget();
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_LE(counted, failures_max * (forgotten + 1)) << "round " << round;
    EXPECT_GE(counted, std::min(failures_max, threads_count * 60));
  }
}

}  // namespace
}  // namespace provisioning
