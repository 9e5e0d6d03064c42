// SPDX-License-Identifier: Apache-2.0
// A disk that is really full: a small file system of its own. To mount one takes
// root, or a user namespace; where there is neither, the tests say so and rely
// on those of the store, which fail the writes themselves.
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <set>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/provisiond_fixture.h"

namespace provisioning {
namespace {

using testing::Each;
using testing::ElementsAreArray;

constexpr std::int64_t rows_per_message = 500;

bool WriteText(const char* path, const std::string& text) {
  std::ofstream file(path);
  file << text << std::flush;
  return file.good();
}

// Mounts of this process, and those that it starts, are their own from here on.
bool EnterMountNamespace() {
  const std::string map = "0 " + std::to_string(getuid()) + " 1";
  const std::string group_map = "0 " + std::to_string(getgid()) + " 1";
  if (unshare(CLONE_NEWNS) != 0) {
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
    if (!WriteText("/proc/self/setgroups", "deny") || !WriteText("/proc/self/uid_map", map) ||
        !WriteText("/proc/self/gid_map", group_map)) {
      return false;
    }
  }
  return mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

// Before main: a process with threads cannot enter a user namespace.
const bool in_mount_namespace = EnterMountNamespace();

class SmallDisk {
 public:
  SmallDisk() {
    mounted_ = in_mount_namespace &&
               mount("tmpfs", folder_.path().c_str(), "tmpfs", 0, "size=12m,mode=700") == 0;
    if (!mounted_) why_not_ = std::strerror(errno);
  }
  ~SmallDisk() {
    if (mounted_) umount2(folder_.path().c_str(), MNT_DETACH);
  }

  bool mounted() const { return mounted_; }
  const std::string& why_not() const { return why_not_; }
  std::string File(const std::string& name) const { return folder_.File(name); }

  // Leaves about so much room.
  void Fill(std::int64_t room) {
    const int file = open(File("ballast").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    ASSERT_GE(file, 0);
    const std::string block(64 << 10, 'x');
    std::int64_t size = 0;
    for (ssize_t count = 0; (count = write(file, block.data(), block.size())) > 0;) size += count;
    ASSERT_GE(size, room);
    ASSERT_EQ(ftruncate(file, size - room), 0);
    close(file);
  }
  void MakeRoom() { unlink(File("ballast").c_str()); }

 private:
  const TempFolder folder_;
  bool mounted_ = false;
  std::string why_not_;
};

class FullDiskTest : public ProvisiondFixture {
 protected:
  void SetUp() override {
    if (!disk_.mounted()) {
      GTEST_SKIP() << "no file system can be mounted here: " << disk_.why_not();
    }
    SetDatabasePath(disk_.File("clients.db"));
    EXPECT_NE(address(), "");
  }
  void TearDown() override { Forget(); }

  std::unique_ptr<RawImportCall> ImportRows(const std::string& import_id, std::int64_t last) {
    auto call = std::make_unique<RawImportCall>(channel());
    bool goes_on = call->Send(StartMessage(import_id));
    for (std::int64_t row = 1; row <= last && goes_on; row += rows_per_message) {
      goes_on = call->Send(RowsMessage(row, row + rows_per_message - 1));
    }
    call->Send(EndMessage());
    call->Close();
    (void)call->Wait();
    return call;
  }

  SmallDisk disk_;
};

TEST_F(FullDiskTest, ImportEndsAndResumesWhenThereIsRoom) {
  const std::string import_id = NewImportId();
  disk_.Fill(3 << 20);
  const auto full = ImportRows(import_id, 20'000);
  const RpcError error = ReadRpcError(full->Wait());
  EXPECT_EQ(error.Name(), "RESOURCE_EXHAUSTED DISK_FULL") << error;
  EXPECT_TRUE(error.has_retry_info);
  const auto first = full->results();
  EXPECT_THAT(NumbersOf(first), ElementsAreArray(Counting(1, first.size())));
  EXPECT_EQ(error.settled_through_row(), static_cast<std::int64_t>(first.size()));

  // Nothing of the rows that were not answered is there.
  v1::Import import = GetImport(import_id);
  EXPECT_EQ(import.settled_through_row(), static_cast<std::int64_t>(first.size()));
  EXPECT_EQ(import.rows().created(), static_cast<std::int64_t>(first.size()));
  EXPECT_EQ(import.state(), v1::IMPORT_STATE_OPEN);

  disk_.MakeRoom();
  const auto resumed = ImportRows(import_id, 10'000);
  EXPECT_TRUE(resumed->Wait().ok()) << ReadRpcError(resumed->Wait());
  const auto results = resumed->results();
  EXPECT_THAT(NumbersOf(results), ElementsAreArray(Counting(1, 10'000)));
  EXPECT_THAT(OutcomesOf(results), Each(v1::ROW_OUTCOME_CREATED));
  std::set<std::string> ids;
  for (const v1::RowResult& result : results) ids.insert(result.client_id());
  EXPECT_EQ(ids.size(), results.size());
  for (std::size_t i = 0; i < std::min(first.size(), results.size()); ++i) {
    EXPECT_EQ(results[i].client_id(), first[i].client_id());
  }
  import = GetImport(import_id);
  EXPECT_EQ(import.rows().created(), 10'000);
  EXPECT_EQ(import.state(), v1::IMPORT_STATE_COMPLETE);
}

TEST_F(FullDiskTest, WhatIsThereCanBeRead) {
  const std::string import_id = NewImportId();
  disk_.Fill(1 << 20);
  EXPECT_EQ(ReadRpcError(ImportRows(import_id, 20'000)->Wait()).reason, "DISK_FULL");
  EXPECT_EQ(GetImport(import_id).import_id(), import_id);
  EXPECT_EQ(server().Terminate(), 0) << "a full disk is no breakdown";
}

}  // namespace
}  // namespace provisioning
