// SPDX-License-Identifier: Apache-2.0
#include "service/import/worker_pool.h"

#include <algorithm>
#include <future>
#include <latch>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace provisioning {
namespace {

using testing::SizeIs;

TEST(WorkerPoolTest, OneThreadKeepsTheOrder) {
  std::vector<int> ran;
  {
    WorkerPool pool(1);
    for (int i = 0; i < 1000; ++i) pool.Post("", [&ran, i] { ran.push_back(i); });
  }
  EXPECT_THAT(ran, SizeIs(1000));
  EXPECT_TRUE(std::ranges::is_sorted(ran));
}

TEST(WorkerPoolTest, AllThreadsWork) {
  constexpr int threads = 4;
  std::mutex mutex;
  std::set<std::thread::id> seen;
  {
    std::latch all_work(threads);
    WorkerPool pool(threads);
    for (int i = 0; i < threads; ++i) {
      pool.Post("", [&] {
        all_work.arrive_and_wait();
        std::lock_guard lock(mutex);
        seen.insert(std::this_thread::get_id());
      });
    }
  }
  EXPECT_THAT(seen, SizeIs(threads));
}

TEST(WorkerPoolTest, RunsWhatIsQueuedBeforeItGoes) {
  std::promise<void> go;
  std::vector<int> ran;
  {
    WorkerPool pool(1);
    pool.Post("", [&] { go.get_future().wait(); });
    for (int i = 0; i < 100; ++i) pool.Post("", [&ran, i] { ran.push_back(i); });
    go.set_value();
  }
  EXPECT_THAT(ran, SizeIs(100));
}

TEST(WorkerPoolTest, RunsWhatIsPostedWhileItGoes) {
  std::promise<void> go;
  int ran = 0;
  {
    WorkerPool pool(1);
    pool.Post("", [&] {
      go.get_future().wait();
      pool.Post("", [&] {
        ++ran;
        pool.Post("", [&] { ++ran; });
      });
    });
    go.set_value();
  }
  EXPECT_EQ(ran, 2);
}

TEST(WorkerPoolTest, AnOrganizationDoesNotWaitBehindTheTasksOfAnother) {
  std::vector<std::string> ran;
  std::promise<void> go;
  {
    WorkerPool pool(1);
    pool.Post("", [&] { go.get_future().wait(); });
    for (int i = 0; i < 100; ++i) pool.Post("many", [&] { ran.push_back("many"); });
    pool.Post("one", [&] { ran.push_back("one"); });
    go.set_value();
  }
  EXPECT_LE(std::ranges::find(ran, "one") - ran.begin(), 1);
}

}  // namespace
}  // namespace provisioning
