// SPDX-License-Identifier: Apache-2.0
// A failure that was counted stays counted, whenever the process is killed. The
// check catches two counters that lie first.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "service/store/failure_key.h"
#include "service/store/sqlite/sqlite_identity_store.h"
#include "tests/store_contract/test_rows.h"
#include "tests/support/fake_clock.h"
#include "tests/support/forwarding_store.h"
#include "tests/support/random_seed.h"
#include "tests/support/require.h"
#include "tests/support/temp_folder.h"

namespace provisioning {
namespace {

using Verdict = AttemptAnswer::Verdict;

constexpr int key_count = 3;
constexpr int right_one_in = 30;
constexpr FailureLimits limits{.failures_max = 100, .failures_without_wait = 100};

FailureKey KeyOf(int index) {
  if (index == 0) return UnknownFailureKey(Organization("clinic-1"), "nobody@x.example");
  return FailureKeyOf(Organization("clinic-1"), Uuid::NewV7(FakeClock().Now()), "$one");
}

std::unique_ptr<IdentityStore> OpenStore(const std::string& path) {
  SqliteOptions options;
  options.path = path;
  auto store = SqliteIdentityStore::Open(options);
  Require(store.ok(), "opening the store");
  return *std::move(store);
}

// A counter that lies.
class MemoryCounter final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  absl::StatusOr<AttemptAnswer> CountAttempt(const FailureKey& key, const FailureLimits& limits,
                                             absl::Time /*now*/) override {
    std::lock_guard lock(mutex_);
    int& failures = failures_[key.subject];
    if (failures == limits.failures_max) return AttemptAnswer{.failures = failures};
    return AttemptAnswer{.verdict = Verdict::kCounted, .failures = ++failures};
  }
  absl::Status ForgetFailures(const FailureKey& key) override {
    std::lock_guard lock(mutex_);
    failures_[key.subject] = 0;
    return absl::OkStatus();
  }

 private:
  std::mutex mutex_;
  std::map<Uuid, int> failures_;  // Guarded by mutex_.
};

// Stores an attempt when the next one comes: once the password was checked.
class LateCounter final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  absl::StatusOr<AttemptAnswer> CountAttempt(const FailureKey& key, const FailureLimits& limits,
                                             absl::Time now) override {
    std::lock_guard lock(mutex_);
    int& answered = answered_[key.subject];
    if (answered > 0) {
      if (answered == limits.failures_max) return AttemptAnswer{.failures = answered};
      if (auto stored = store_.CountAttempt(key, limits, now); !stored.ok()) return stored;
    }
    return AttemptAnswer{.verdict = Verdict::kCounted, .failures = ++answered};
  }
  absl::Status ForgetFailures(const FailureKey& key) override {
    std::lock_guard lock(mutex_);
    answered_[key.subject] = 0;
    return store_.ForgetFailures(key);
  }

 private:
  std::mutex mutex_;
  std::map<Uuid, int> answered_;  // Guarded by mutex_.
};

using Wrap = std::function<std::unique_ptr<IdentityStore>(IdentityStore&)>;

// What a guesser says, in one write: that a failure was counted, or that it is
// about to forget them.
struct Word {
  std::int32_t key = 0;
  std::int32_t failures = 0;  // 0: about to forget.
};

// Tries passwords of one key until it is killed.
[[noreturn]] void GuessForEver(IdentityStore& store, const FailureKey& key, int index, int pipe,
                               std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto say = [&](int failures) {
    const Word word{index, failures};
    // Nobody listens any more.
    if (write(pipe, &word, sizeof word) != sizeof word) _exit(1);
  };
  while (true) {
    const auto answer = store.CountAttempt(key, limits, FakeClock().Now());
    Require(answer.ok(), "counting");
    const bool counted = answer->verdict == Verdict::kCounted;
    if (counted) say(answer->failures);
    if (counted && random() % right_one_in != 0) continue;
    say(0);
    Require(store.ForgetFailures(key).ok(), "forgetting");
  }
}

[[noreturn]] void RunGuessers(const std::string& path,
                              const std::array<FailureKey, key_count>& keys, const Wrap& wrap,
                              int pipe, std::uint64_t seed) {
  const auto real_store = OpenStore(path);
  const auto store = wrap ? wrap(*real_store) : nullptr;
  IdentityStore& used = store ? *store : *real_store;
  std::vector<std::thread> threads;
  for (int index = 0; index < key_count; ++index) {
    threads.emplace_back(
        [&, index] { GuessForEver(used, keys[index], index, pipe, seed + index); });
  }
  for (std::thread& thread : threads) thread.join();
  _exit(1);
}

// What is known of a key's count from what was said.
struct Known {
  int failures = 0;
  bool forgetting = false;

  bool Allows(int stored) const {
    // One more may have been counted, and nobody was told.
    if (stored == failures || (!forgetting && stored == failures + 1)) return true;
    return forgetting && stored <= 1;
  }
};

class KilledGuessers {
 public:
  KilledGuessers(std::uint64_t seed, Wrap wrap) : random_(seed), wrap_(std::move(wrap)) {
    for (int index = 0; index < key_count; ++index) keys_[index] = KeyOf(index);
    OpenStore(path_);
  }

  // Lets them guess, kills them, and looks; what is wrong, or nothing.
  std::string Round() {
    int ends[2];
    Require(pipe(ends) == 0, "pipe");
    const std::uint64_t seed = random_();
    const pid_t child = fork();
    Require(child >= 0, "fork");
    if (child == 0) {
      close(ends[0]);
      RunGuessers(path_, keys_, wrap_, ends[1], seed);
    }
    close(ends[1]);
    Listen(ends[0], child);
    close(ends[0]);
    return Compare();
  }

  std::int64_t words() const { return words_; }

 private:
  // Kills the child when so many words were said, and hears the others out.
  void Listen(int pipe, pid_t child) {
    const std::int64_t kill_at = 1 + static_cast<std::int64_t>(random_() % 400);
    Word word;
    for (std::int64_t heard = 1; read(pipe, &word, sizeof word) == sizeof word; ++heard, ++words_) {
      Known& known = known_[word.key];
      known.forgetting = word.failures == 0;
      if (!known.forgetting) known.failures = word.failures;
      if (heard == kill_at) kill(child, SIGKILL);
    }
    int status = 0;
    Require(waitpid(child, &status, 0) == child, "waitpid");
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  }

  std::string Compare() {
    const auto store = OpenStore(path_);
    std::string wrong;
    for (int index = 0; index < key_count; ++index) {
      const int stored = Stored(*store, keys_[index]);
      Known& known = known_[index];
      if (!known.Allows(stored)) {
        wrong += "key " + std::to_string(index) + ": " + std::to_string(known.failures) +
                 (known.forgetting ? " were being forgotten, " : " were counted, ") +
                 std::to_string(stored) + " are stored; ";
      }
      known = {stored, false};
    }
    return wrong;
  }

  static int Stored(IdentityStore& store, const FailureKey& key) {
    // Nothing is counted if there is one already.
    const FailureLimits one{.failures_max = 1, .failures_without_wait = 1};
    const AttemptAnswer answer = store.CountAttempt(key, one, FakeClock().Now()).value();
    if (answer.verdict == Verdict::kLocked) return answer.failures;
    EXPECT_TRUE(store.ForgetFailures(key).ok());
    return 0;
  }

  const TempFolder folder_;
  const std::string path_ = folder_.File("clients.db");
  std::mt19937_64 random_;
  const Wrap wrap_;
  std::array<FailureKey, key_count> keys_;
  std::array<Known, key_count> known_{};
  std::int64_t words_ = 0;
};

TEST(FailureKillTest, ACounterThatLiesIsCaught) {
  const std::uint64_t seed = RandomSeed();
  const std::pair<const char*, Wrap> liars[] = {
      {"in memory only",
       [](IdentityStore& store) { return std::make_unique<MemoryCounter>(store); }},
      {"stored after the check",
       [](IdentityStore& store) { return std::make_unique<LateCounter>(store); }},
  };
  for (const auto& [what, wrap] : liars) {
    KilledGuessers guessers(seed, wrap);
    std::string wrong;
    for (int round = 0; round < 20 && wrong.empty(); ++round) wrong = guessers.Round();
    EXPECT_NE(wrong, "") << what << ", SEED=" << seed;
  }
}

TEST(FailureKillTest, WhatWasCountedStaysCountedWheneverTheProcessIsKilled) {
  const std::uint64_t seed = RandomSeed();
  const char* const count = std::getenv("COUNT");
  const int rounds = count != nullptr ? std::atoi(count) : 25;
  KilledGuessers guessers(seed, nullptr);
  for (int round = 0; round < rounds; ++round) {
    ASSERT_EQ(guessers.Round(), "") << "round " << round << ", SEED=" << seed;
  }
  EXPECT_GE(guessers.words(), rounds);
}

}  // namespace
}  // namespace provisioning
