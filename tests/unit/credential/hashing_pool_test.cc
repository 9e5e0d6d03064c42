// SPDX-License-Identifier: Apache-2.0
#include "service/credential/hashing_pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/support/random_seed.h"

namespace provisioning {
namespace {

using testing::ElementsAre;

// Only a test would use it: what is tested here is the pool, not the hash.
constexpr HashCost cheap{.memory_kib = 8, .iterations = 1};

// Unlike std::promise it may go as soon as Wait returns.
class Signal {
 public:
  void Set() {
    std::lock_guard lock(mutex_);
    set_ = true;
    changed_.notify_all();
  }
  void Wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return set_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool set_ = false;  // Guarded by mutex_.
};

OrganizationId Organization(std::string_view text) { return *OrganizationId::Parse(text); }

CancelFlag NotCancelled() { return std::make_shared<std::atomic<bool>>(false); }

std::vector<SecretString> Passwords(std::size_t count, const std::string& prefix = "password-") {
  std::vector<SecretString> passwords;
  for (std::size_t i = 0; i < count; ++i) passwords.emplace_back(prefix + std::to_string(i));
  return passwords;
}

std::vector<Credential> HashAndWait(HashingPool& pool, std::vector<SecretString> passwords,
                                    CancelFlag cancelled = NotCancelled()) {
  std::vector<Credential> result;
  Signal done;
  pool.Hash(Organization("a"), std::move(passwords), std::move(cancelled),
            [&](std::vector<Credential> credentials) {
              result = std::move(credentials);
              done.Set();
            });
  done.Wait();
  return result;
}

// Holds the only thread of a pool until it is told to go on, so that a test can
// queue what it likes; and records in which order requests were done.
class OneThread {
 public:
  OneThread() : pool_(1, factory_) {
    Signal held;
    pool_.Hash(Organization("holder"), Passwords(1), nullptr,
               [this, &held](std::vector<Credential>) {
                 held.Set();
                 go_on_.Wait();
               });
    held.Wait();
  }

  // Notes "NAME", or "NAME!" when it got nothing.
  void Queue(
      std::string_view organization, std::size_t passwords, const std::string& name,
      CancelFlag cancelled = nullptr, std::function<void()> then = [] {}) {
    pool_.Hash(Organization(organization), Passwords(passwords), std::move(cancelled),
               [this, name, then = std::move(then)](std::vector<Credential> credentials) {
                 done_.push_back(credentials.empty() ? name + "!" : name);
                 then();
               });
  }

  // The names in the order in which they were done, when all are.
  std::vector<std::string> Run() {
    Signal finished;
    // It comes last: its organization takes its turns last, and needs more of
    // them than any other.
    pool_.Hash(Organization("last"), Passwords(200), nullptr,
               [&finished](std::vector<Credential>) { finished.Set(); });
    go_on_.Set();
    finished.Wait();
    return done_;
  }

 private:
  const CredentialFactory factory_{cheap};
  Signal go_on_;
  std::vector<std::string> done_;
  HashingPool pool_;
};

TEST(HashingPoolTest, CredentialsComeInTheOrderOfThePasswords) {
  const CredentialFactory factory(cheap);
  HashingPool pool(4, factory);
  const std::vector<Credential> credentials = HashAndWait(pool, Passwords(100));
  ASSERT_EQ(credentials.size(), 100u);
  for (int i = 0; i < 100; ++i) {
    EXPECT_FALSE(credentials[i].generated());
    EXPECT_TRUE(
        VerifyCredential(credentials[i].phc(), SecretString("password-" + std::to_string(i))))
        << i;
  }
}

TEST(HashingPoolTest, TheFactorysCostIsUsed) {
  const CredentialFactory factory{HashCost()};
  HashingPool pool(2, factory);
  const std::vector<Credential> credentials = HashAndWait(pool, Passwords(3));
  ASSERT_EQ(credentials.size(), 3u);
  for (const Credential& credential : credentials) {
    EXPECT_TRUE(credential.phc().starts_with("$argon2id$v=19$m=7168,t=5,p=1$"));
  }
}

TEST(HashingPoolTest, OrganizationsTakeTurns) {
  OneThread thread;
  for (int i = 1; i <= 5; ++i) thread.Queue("a", 1, "a" + std::to_string(i));
  for (int i = 1; i <= 3; ++i) thread.Queue("b", 1, "b" + std::to_string(i));
  EXPECT_THAT(thread.Run(), ElementsAre("a1", "b1", "a2", "b2", "a3", "b3", "a4", "a5"));
}

TEST(HashingPoolTest, ATurnIsOnePasswordAndNotOneRequest) {
  OneThread thread;
  thread.Queue("a", 4, "a");
  for (int i = 1; i <= 6; ++i) thread.Queue("b", 1, "b" + std::to_string(i));
  EXPECT_THAT(thread.Run(), ElementsAre("b1", "b2", "b3", "b4", "a", "b5", "b6"));
}

TEST(HashingPoolTest, TheRequestsOfAnOrganizationTakeTurnsToo) {
  OneThread thread;
  thread.Queue("a", 20, "long");
  thread.Queue("a", 1, "short");
  EXPECT_THAT(thread.Run(), ElementsAre("short", "long"));
}

TEST(HashingPoolTest, ACancelledRequestIsNotBegun) {
  OneThread thread;
  const CancelFlag cancelled = NotCancelled();
  thread.Queue("a", 100, "a1", cancelled);
  thread.Queue("a", 1, "a2");
  thread.Queue("b", 1, "b");
  cancelled->store(true);
  EXPECT_THAT(thread.Run(), ElementsAre("a1!", "b", "a2"));
}

TEST(HashingPoolTest, ARequestCancelledUnderWayEndsAtItsNextPassword) {
  OneThread thread;
  const CancelFlag cancelled = NotCancelled();
  thread.Queue("a", 100, "a", cancelled);
  thread.Queue("b", 1, "b", nullptr, [&cancelled] { cancelled->store(true); });
  for (int i = 1; i <= 3; ++i) thread.Queue("c", 1, "c" + std::to_string(i));
  EXPECT_THAT(thread.Run(), ElementsAre("b", "c1", "c2", "a!", "c3"));
}

TEST(HashingPoolTest, WithoutMemoryARequestGetsNothing) {
  // Refused by libsodium, as a cost whose memory cannot be had.
  const CredentialFactory factory(HashCost{.memory_kib = 8, .iterations = 0});
  HashingPool pool(3, factory);
  EXPECT_TRUE(HashAndWait(pool, Passwords(50)).empty());
  EXPECT_EQ(pool.hashes_per_second(), 0);
}

TEST(HashingPoolTest, DoneMayQueueMore) {
  const CredentialFactory factory(cheap);
  HashingPool pool(1, factory);
  std::size_t size = 0;
  Signal done;
  pool.Hash(Organization("a"), Passwords(1), nullptr, [&](std::vector<Credential>) {
    pool.Hash(Organization("a"), Passwords(2), nullptr, [&](std::vector<Credential> credentials) {
      size = credentials.size();
      done.Set();
    });
  });
  done.Wait();
  EXPECT_EQ(size, 2u);
}

// The queue holds a quarter of an hour of work.
TEST(HashingPoolTest, DestructionCallsEveryDoneOnceAndDoesNotHashTheQueue) {
  constexpr int request_count = 100;
  const CredentialFactory factory{HashCost()};
  std::array<std::atomic<int>, request_count> calls{};
  std::atomic<int> with_credentials = 0;
  {
    HashingPool pool(2, factory);
    for (int i = 0; i < request_count; ++i) {
      pool.Hash(Organization(i % 2 == 0 ? "a" : "b"), Passwords(1000), NotCancelled(),
                [&, i](std::vector<Credential> credentials) {
                  ++calls[i];
                  with_credentials += credentials.empty() ? 0 : 1;
                });
    }
  }
  for (const std::atomic<int>& count : calls) EXPECT_EQ(count, 1);
  EXPECT_EQ(with_credentials, 0);
}

TEST(HashingPoolTest, WhatDoneQueuesDuringDestructionIsAnsweredToo) {
  const CredentialFactory factory(cheap);
  std::atomic<int> calls = 0;
  std::function<void(int)> queue;
  {
    HashingPool pool(1, factory);
    queue = [&](int left) {
      pool.Hash(Organization("a"), Passwords(1), nullptr, [&, left](std::vector<Credential>) {
        ++calls;
        if (left > 1) queue(left - 1);
      });
    };
    queue(1000);
  }
  EXPECT_EQ(calls, 1000);
}

TEST(HashingPoolTest, TheRateComesFromWhatHashingTook) {
  const CredentialFactory factory{HashCost()};
  HashingPool pool(2, factory);
  EXPECT_EQ(pool.hashes_per_second(), 0);
  const auto start = std::chrono::steady_clock::now();
  HashAndWait(pool, Passwords(1));
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  // The hash took less than all of it, and there are two threads.
  EXPECT_GE(pool.hashes_per_second(), 2 / elapsed.count());
  // Five passes over 7 MiB in a thousandth of a second would be 35 GB/s.
  EXPECT_LE(pool.hashes_per_second(), 2000);
}

TEST(HashingPoolTest, ALaneTakesAThreadAndGivesItBack) {
  const CredentialFactory factory(cheap);
  HashingPool pool(2, factory);
  std::atomic<int> inside = 0;
  std::atomic<int> most = 0;
  {
    const HashingPool::Lane lane(pool);
    constexpr int requests = 50;
    std::atomic<int> left = requests;
    Signal done;
    for (int i = 0; i < requests; ++i) {
      pool.Hash(Organization("a"), Passwords(1), NotCancelled(), [&](auto) {
        const int now = ++inside;
        if (now > most) most = now;
        --inside;
        if (--left == 0) done.Set();
      });
    }
    done.Wait();
  }
  EXPECT_EQ(most, 1);
  // Each waits for the other one: both threads must be at work.
  std::array<Signal, 2> begun;
  std::array<Signal, 2> ended;
  for (std::size_t i = 0; i < 2; ++i) {
    pool.Hash(Organization("a"), Passwords(1), NotCancelled(), [&, i](auto) {
      begun[i].Set();
      begun[1 - i].Wait();
      ended[i].Set();
    });
  }
  for (Signal& signal : ended) signal.Wait();
}

TEST(HashingPoolTest, ManyLanesLeaveOneThread) {
  const CredentialFactory factory(cheap);
  HashingPool pool(2, factory);
  const HashingPool::Lane first(pool);
  const HashingPool::Lane second(pool);
  const HashingPool::Lane third(pool);
  EXPECT_EQ(HashAndWait(pool, Passwords(5)).size(), 5u);
}

TEST(HashingPoolTest, ManyThreadsAtOnce) {
  constexpr int caller_count = 16;
  constexpr int requests_per_caller = 60;
  constexpr int request_count = caller_count * requests_per_caller;
  const std::uint64_t seed = RandomSeed();
  const CredentialFactory factory(cheap);
  std::atomic<int> calls = 0;
  std::atomic<int> wrong = 0;
  Signal all_done;
  {
    HashingPool pool(4, factory);
    std::vector<std::thread> callers;
    for (int caller = 0; caller < caller_count; ++caller) {
      callers.emplace_back([&, caller] {
        std::mt19937_64 random(seed + static_cast<std::uint64_t>(caller));
        const OrganizationId organization = Organization("o" + std::to_string(caller % 5));
        for (int i = 0; i < requests_per_caller; ++i) {
          const std::size_t count = 1 + random() % 7;
          const bool cancel = random() % 4 == 0;
          const std::string prefix = std::to_string(caller) + "/" + std::to_string(i) + "/";
          const CancelFlag flag = NotCancelled();
          pool.Hash(organization, Passwords(count, prefix), flag,
                    [&, prefix, count, cancel](std::vector<Credential> credentials) {
                      const bool given_up = credentials.empty() && cancel;
                      if (!given_up && credentials.size() != count) ++wrong;
                      for (std::size_t n = 0; n < credentials.size(); ++n) {
                        const SecretString password(prefix + std::to_string(n));
                        if (!VerifyCredential(credentials[n].phc(), password)) ++wrong;
                      }
                      if (++calls == request_count) all_done.Set();
                    });
          if (cancel) flag->store(true);
          if (pool.hashes_per_second() < 0) ++wrong;
        }
      });
    }
    for (std::thread& caller : callers) caller.join();
    all_done.Wait();
  }
  EXPECT_EQ(calls, request_count);
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace provisioning
