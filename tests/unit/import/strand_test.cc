// SPDX-License-Identifier: Apache-2.0
#include "service/import/strand.h"

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace provisioning {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

// Keeps one thread of a pool busy until it goes.
class BusyThread {
 public:
  explicit BusyThread(WorkerPool& pool) {
    std::promise<void> begun;
    pool.Post("", [&begun, end = end_.get_future()]() mutable {
      begun.set_value();
      end.wait();
    });
    begun.get_future().wait();
  }
  ~BusyThread() { end_.set_value(); }

 private:
  std::promise<void> end_;
};

TEST(StrandTest, RunsInOrderAndOneAtATime) {
  constexpr int count = 5000;
  std::vector<int> ran;  // Without a lock: a race is for the sanitizer to find.
  std::atomic<int> running = 0;
  std::atomic<int> most_running = 0;
  {
    WorkerPool pool(4);
    Strand strand(pool);
    for (int i = 0; i < count; ++i) {
      strand.Post([&, i] {
        most_running = std::max(most_running.load(), ++running);
        ran.push_back(i);
        --running;
      });
    }
  }
  ASSERT_THAT(ran, SizeIs(count));
  EXPECT_TRUE(std::ranges::is_sorted(ran));
  EXPECT_EQ(most_running, 1);
}

TEST(StrandTest, EachPosterKeepsItsOrder) {
  constexpr int posters = 4;
  constexpr int count = 1000;
  std::vector<std::vector<int>> ran(posters);
  {
    WorkerPool pool(3);
    Strand strand(pool);
    std::vector<std::thread> threads;
    for (int poster = 0; poster < posters; ++poster) {
      threads.emplace_back([&, poster] {
        for (int i = 0; i < count; ++i) {
          strand.Post([&ran, poster, i] { ran[static_cast<std::size_t>(poster)].push_back(i); });
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  for (const std::vector<int>& one : ran) {
    EXPECT_THAT(one, SizeIs(count));
    EXPECT_TRUE(std::ranges::is_sorted(one));
  }
}

TEST(StrandTest, TaskPostedByATaskComesAfterThoseThatWait) {
  std::vector<std::string> ran;
  {
    WorkerPool pool(1);
    Strand strand(pool);
    const BusyThread busy(pool);
    strand.Post([&] {
      ran.push_back("first");
      strand.Post([&] { ran.push_back("posted by the first"); });
    });
    strand.Post([&] { ran.push_back("second"); });
  }
  EXPECT_THAT(ran, ElementsAre("first", "second", "posted by the first"));
}

TEST(StrandTest, LongStrandLetsAnotherThrough) {
  int ran_of_long = 0;
  int ran_before_short = -1;
  {
    WorkerPool pool(1);
    Strand long_strand(pool);
    Strand short_strand(pool);
    const BusyThread busy(pool);
    for (int i = 0; i < 1000; ++i) long_strand.Post([&] { ++ran_of_long; });
    short_strand.Post([&] { ran_before_short = ran_of_long; });
  }
  EXPECT_EQ(ran_of_long, 1000);
  EXPECT_GE(ran_before_short, 1);
  EXPECT_LE(ran_before_short, 20);
}

TEST(StrandTest, TasksOutliveTheirStrand) {
  int ran = 0;
  {
    WorkerPool pool(1);
    const BusyThread busy(pool);
    auto strand = std::make_unique<Strand>(pool);
    for (int i = 0; i < 100; ++i) strand->Post([&] { ++ran; });
    strand.reset();
  }
  EXPECT_EQ(ran, 100);
}

TEST(StrandTest, StrandsRunBesideEachOther) {
  WorkerPool pool(2);
  Strand one(pool);
  Strand other(pool);
  std::promise<void> other_ran;
  std::promise<void> one_ran;
  // Waits for a task that can only run beside it.
  one.Post([&] {
    other_ran.get_future().wait();
    one_ran.set_value();
  });
  other.Post([&] { other_ran.set_value(); });
  one_ran.get_future().wait();
}

}  // namespace
}  // namespace provisioning
