// SPDX-License-Identifier: Apache-2.0
#include "service/model/random_bytes.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <set>
#include <thread>
#include <vector>

namespace provisioning {
namespace {

using Block = std::array<std::uint8_t, 16>;

Block NewBlock() {
  Block block{};
  FillRandom(block);
  return block;
}

TEST(RandomBytesTest, BlocksOfAnySizeAreFilled) {
  FillRandom({});
  for (const std::size_t size : {1000u, 1024u, 1025u, 5000u, 33u}) {
    // The last 16 bytes of 5,000 being zero has a chance of 2^-128.
    std::vector<std::uint8_t> bytes(size);
    FillRandom(bytes);
    EXPECT_NE(std::set<std::uint8_t>(bytes.end() - 16, bytes.end()), std::set<std::uint8_t>{0})
        << size;
  }
}

TEST(RandomBytesTest, NothingIsHandedOutTwice) {
  std::array<std::vector<Block>, 4> blocks;
  std::vector<std::thread> threads;
  for (std::vector<Block>& mine : blocks) {
    threads.emplace_back([&mine] {
      for (int i = 0; i < 10'000; ++i) mine.push_back(NewBlock());
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<Block> all;
  for (const std::vector<Block>& mine : blocks) all.insert(mine.begin(), mine.end());
  EXPECT_EQ(all.size(), 40'000u);
}

TEST(RandomBytesTest, AForkedChildDoesNotRepeatItsParent) {
  NewBlock();  // There is a batch to inherit.
  std::array<int, 2> ends;
  ASSERT_EQ(pipe(ends.data()), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const Block block = NewBlock();
    _exit(write(ends[1], block.data(), block.size()) == sizeof(block) ? 0 : 1);
  }
  const Block mine = NewBlock();
  Block of_child{};
  EXPECT_EQ(read(ends[0], of_child.data(), of_child.size()), ssize_t{sizeof(of_child)});
  int status = -1;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_NE(mine, of_child);
  close(ends[0]);
  close(ends[1]);
}

}  // namespace
}  // namespace provisioning
