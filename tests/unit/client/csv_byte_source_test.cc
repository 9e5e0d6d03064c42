// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/csv/byte_source.h"
#include "tests/unit/client/temp_folder.h"

namespace provisioning {
namespace {

using testing::HasSubstr;

TEST(FileByteSourceTest, KnowsItsFileAgain) {
  const TempFolder folder;
  const std::string path = folder.Write("f.csv", "a,b\n");
  const auto source = FileByteSource::Open(path);
  ASSERT_TRUE(source.ok()) << source.status();
  EXPECT_TRUE((*source)->CheckUnchanged().ok());
}

TEST(FileByteSourceTest, SeesThatTheFileHasGrown) {
  const TempFolder folder;
  const std::string path = folder.Write("f.csv", "a,b\n");
  const auto source = FileByteSource::Open(path);
  ASSERT_TRUE(source.ok()) << source.status();
  std::ofstream(path, std::ios::app) << "c,d\n";
  const absl::Status status = (*source)->CheckUnchanged();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("changed while it was read"));
}

TEST(FileByteSourceTest, SeesThatTheFileWasWrittenAgain) {
  const TempFolder folder;
  const std::string path = folder.Write("f.csv", "a,b\n");
  const auto source = FileByteSource::Open(path);
  ASSERT_TRUE(source.ok()) << source.status();
  const timespec times[2] = {{1, 0}, {1, 0}};
  ASSERT_EQ(utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
  EXPECT_TRUE(absl::IsDataLoss((*source)->CheckUnchanged()));
}

// A program that saves by renaming leaves the open file as it was.
TEST(FileByteSourceTest, AFileThatTookItsPlaceIsAnother) {
  const TempFolder folder;
  const std::string path = folder.Write("f.csv", "a,b\n");
  const auto source = FileByteSource::Open(path);
  ASSERT_TRUE(source.ok()) << source.status();
  ASSERT_EQ(rename(folder.Write("g.csv", "other\n").c_str(), path.c_str()), 0);
  EXPECT_TRUE((*source)->CheckUnchanged().ok());
}

TEST(FileByteSourceTest, AFolderThatNumbersWritesIsNamed) {
  const TempFolder folder;
  const std::string path = folder.Path("book.numbers");
  ASSERT_EQ(mkdir(path.c_str(), 0700), 0);
  const auto source = FileByteSource::Open(path);
  ASSERT_FALSE(source.ok());
  EXPECT_THAT(std::string(source.status().message()), HasSubstr("Export To > CSV"));
}

}  // namespace
}  // namespace provisioning
