// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <thread>

#include "tests/unit/account/account_fixture.h"

namespace provisioning {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using ActivateTest = AccountFixture;

TEST_F(ActivateTest, ATemporaryPasswordIsReplacedByTheClientsOwn) {
  const std::string password = MakeGenerated("ann@x.example");
  (void)store_->TakeCalls();
  const auto answer = Activate("ann@x.example", password);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->outcome, ActivateOutcome::kActivated);
  EXPECT_EQ(answer->client_id, Client("ann@x.example")->client_id);
  EXPECT_THAT(answer->violations, IsEmpty());
  EXPECT_THAT(store_->TakeCalls(), ElementsAre("find", "count", "forget", "activate"));
  EXPECT_FALSE(Client("ann@x.example")->pending);
  EXPECT_EQ(Verified("ann@x.example", good_password), VerifyOutcome::kOk);
  EXPECT_EQ(Verified("ann@x.example", password), VerifyOutcome::kWrong);
}

TEST_F(ActivateTest, AGivenTemporaryPasswordDoesAsWell) {
  MakeGiven("ann@x.example", "from-the-practice-1");
  EXPECT_EQ(Activated("ann@x.example", "from-the-practice-1"), ActivateOutcome::kActivated);
  EXPECT_EQ(Verified("ann@x.example", good_password), VerifyOutcome::kOk);
}

TEST_F(ActivateTest, ATemporaryPasswordExpiresAtItsInstant) {
  const std::string password = MakeGenerated("ann@x.example");
  const absl::Time expiry = Client("ann@x.example")->password_expires_at;
  clock_.Set(expiry);
  const auto answer = Activate("ann@x.example", password);
  EXPECT_EQ(answer->outcome, ActivateOutcome::kExpired);
  EXPECT_TRUE(answer->client_id.is_nil());
  EXPECT_TRUE(Client("ann@x.example")->pending);
  EXPECT_EQ(Activated("ann@x.example", wrong_password), ActivateOutcome::kWrong);
  clock_.Set(expiry - absl::Microseconds(1));
  EXPECT_EQ(Activated("ann@x.example", password), ActivateOutcome::kActivated);
}

TEST_F(ActivateTest, WhoIsActiveIsNotActivatedAgain) {
  const std::string password = MakeGenerated("ann@x.example");
  ASSERT_EQ(Activated("ann@x.example", password), ActivateOutcome::kActivated);
  const std::string credential = CredentialOf("ann@x.example");
  EXPECT_EQ(Activated("ann@x.example", password, "Another-Good-One-9"), ActivateOutcome::kWrong);
  EXPECT_EQ(Activated("ann@x.example", good_password, "Another-Good-One-9"),
            ActivateOutcome::kAlreadyActive);
  EXPECT_EQ(CredentialOf("ann@x.example"), credential);
}

TEST_F(ActivateTest, AnImportedHashIsActiveAlready) {
  MakeActive("ann@x.example", good_password);
  EXPECT_EQ(Activated("ann@x.example", good_password, "Another-Good-One-9"),
            ActivateOutcome::kAlreadyActive);
  EXPECT_EQ(Verified("ann@x.example", good_password), VerifyOutcome::kOk);
}

TEST_F(ActivateTest, WrongAndUnknownAreTheSame) {
  MakeGenerated("ann@x.example");
  for (const char* address : {"ann@x.example", "nobody@x.example", "no address", ""}) {
    (void)store_->TakeCalls();
    const auto answer = Activate(address, wrong_password);
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(answer->outcome, ActivateOutcome::kWrong) << address;
    EXPECT_TRUE(answer->client_id.is_nil());
    EXPECT_THAT(store_->TakeCalls(), ElementsAre("find", "count"));
  }
}

TEST_F(ActivateTest, ARefusedPasswordTellsWhyAndCostsNoFailure) {
  const std::string password = MakeGenerated("ann.smith@x.example");
  struct Case {
    const char* address;
    std::string_view temporary;
    std::string_view chosen;
  };
  const Case cases[] = {
      {"ann.smith@x.example", password, "short"},
      {"ann.smith@x.example", wrong_password, "short"},
      {"ann.smith@x.example", password, password},
      {"ann.smith@x.example", password, "12345678"},
      {"ann.smith@x.example", password, "my-Ann.Smith-42-lantern"},
      {"nobody@x.example", wrong_password, "short"},
  };
  for (const Case& test : cases) {
    (void)store_->TakeCalls();
    const auto answer = Activate(test.address, test.temporary, test.chosen);
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(answer->outcome, ActivateOutcome::kPasswordRefused) << test.chosen;
    EXPECT_FALSE(answer->violations.empty());
    EXPECT_TRUE(answer->client_id.is_nil());
    EXPECT_THAT(store_->TakeCalls(), IsEmpty());
  }
  EXPECT_EQ(FailuresOf("ann.smith@x.example"), 0);
  EXPECT_EQ(Activated("ann.smith@x.example", password), ActivateOutcome::kActivated);
}

TEST_F(ActivateTest, TheLengthThatIsAskedForIsAnOption) {
  SetOptions({.failures = {}, .new_password_characters_min = 20});
  const std::string password = MakeGenerated("ann@x.example");
  EXPECT_EQ(Activated("ann@x.example", password), ActivateOutcome::kPasswordRefused);
  EXPECT_EQ(Activated("ann@x.example", password, "Harbour-Lantern-4242"),
            ActivateOutcome::kActivated);
}

TEST_F(ActivateTest, ALockedClientIsToldSoWhateverTheyType) {
  SetOptions({.failures = {.failures_max = 3, .failures_without_wait = 3}});
  const std::string password = MakeGenerated("ann@x.example");
  Fail("ann@x.example", 2);
  EXPECT_EQ(Activated("ann@x.example", wrong_password), ActivateOutcome::kWrong)
      << "they share the count";
  EXPECT_EQ(Activated("ann@x.example", password), ActivateOutcome::kLocked);
  EXPECT_EQ(Verified("ann@x.example", password), VerifyOutcome::kLocked);
  EXPECT_TRUE(Client("ann@x.example")->pending);
}

TEST_F(ActivateTest, OfManyAtOnceOneWins) {
  constexpr int threads_count = 8;
  SetOptions({.failures = {.failures_max = 100, .failures_without_wait = 100}});
  const std::string password = MakeGenerated("ann@x.example");
  std::vector<ActivateOutcome> outcomes(threads_count);
  std::vector<std::thread> threads;
  const auto chosen = [](int i) { return "Harbour-Lantern-4" + std::to_string(i); };
  for (int i = 0; i < threads_count; ++i) {
    threads.emplace_back(
        [&, i] { outcomes[i] = Activate("ann@x.example", password, chosen(i)).value().outcome; });
  }
  for (std::thread& thread : threads) thread.join();
  int activated = 0;
  for (int i = 0; i < threads_count; ++i) {
    const bool won = outcomes[i] == ActivateOutcome::kActivated;
    if (won) {
      ++activated;
    } else {
      EXPECT_EQ(outcomes[i], ActivateOutcome::kWrong);
    }
    EXPECT_EQ(Verified("ann@x.example", chosen(i)),
              won ? VerifyOutcome::kOk : VerifyOutcome::kWrong);
  }
  EXPECT_EQ(activated, 1);
}

}  // namespace
}  // namespace provisioning
