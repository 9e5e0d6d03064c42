// SPDX-License-Identifier: Apache-2.0
#include "service/trust/policy_file.h"

#include <condition_variable>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temp_folder.h"

namespace provisioning {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const Caller caller{"a.example"};

std::string PolicyWith(const std::string& verb) {
  return R"({"callers": {"a.example": {"organizations": ["one"], "verbs": [")" + verb + R"("]}}})";
}

class PolicyFileTest : public testing::Test {
 protected:
  // In one step, as whoever changes a policy should.
  void Write(const std::string& content) {
    const std::string next = folder_.File("next");
    std::ofstream(next) << content;
    std::filesystem::rename(next, path_);
  }
  void Open() {
    auto file = PolicyFile::Open({.path = path_,
                                  .interval = absl::Milliseconds(2),
                                  .tell = [this](const absl::Status& status) { Told(status); }},
                                 access_);
    ASSERT_TRUE(file.ok()) << file.status();
    file_ = *std::move(file);
  }
  // The n-th thing that was told, from 1.
  absl::Status WaitForTold(std::size_t n) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return told_.size() >= n; });
    return told_[n - 1];
  }
  bool May(Verb verb) const { return access_.Check(caller, "one", verb).ok(); }

  const TempFolder folder_;
  const std::string path_ = folder_.File("policy.json");
  AccessControl access_;

 private:
  void Told(const absl::Status& status) {
    std::lock_guard lock(mutex_);
    told_.push_back(status);
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<absl::Status> told_;  // Guarded by mutex_.

 protected:
  std::unique_ptr<PolicyFile> file_;  // Goes first.
};

TEST_F(PolicyFileTest, HoldsFromTheStart) {
  Write(PolicyWith("read"));
  Open();
  EXPECT_TRUE(May(Verb::kRead));
  EXPECT_FALSE(May(Verb::kImport));
  EXPECT_EQ(file_->reloads(), 0);
  EXPECT_EQ(file_->failed_reloads(), 0);
}

TEST_F(PolicyFileTest, DoesNotBeginWithABadOne) {
  const auto open = [this] { return PolicyFile::Open({.path = path_}, access_).status(); };
  EXPECT_THAT(std::string(open().message()), AllOf(HasSubstr(path_), HasSubstr("No such file")));
  Write("{");
  EXPECT_THAT(std::string(open().message()), AllOf(HasSubstr(path_), HasSubstr("line 1")));
  std::filesystem::remove(path_);
  std::filesystem::create_directory(path_);
  EXPECT_THAT(std::string(open().message()), HasSubstr(path_));
  EXPECT_FALSE(access_.CheckKnown(caller).ok());
}

TEST_F(PolicyFileTest, TakesANewOne) {
  Write(PolicyWith("read"));
  Open();
  Write(PolicyWith("import"));
  EXPECT_TRUE(WaitForTold(1).ok());
  EXPECT_FALSE(May(Verb::kRead));
  EXPECT_TRUE(May(Verb::kImport));
  EXPECT_EQ(file_->reloads(), 1);
}

TEST_F(PolicyFileTest, ABadOneChangesNothing) {
  Write(PolicyWith("read"));
  Open();
  Write(PolicyWith("write"));
  const absl::Status bad = WaitForTold(1);
  EXPECT_THAT(std::string(bad.message()), AllOf(HasSubstr(path_), HasSubstr("\"write\"")));
  EXPECT_TRUE(May(Verb::kRead));
  EXPECT_FALSE(file_->is_current());
  Write("");
  EXPECT_FALSE(WaitForTold(2).ok());
  std::filesystem::remove(path_);
  EXPECT_THAT(std::string(WaitForTold(3).message()), HasSubstr("No such file"));
  EXPECT_TRUE(May(Verb::kRead));
  Write(PolicyWith("import"));
  EXPECT_TRUE(WaitForTold(4).ok());
  EXPECT_TRUE(May(Verb::kImport));
  EXPECT_TRUE(file_->is_current());
  EXPECT_EQ(file_->failed_reloads(), 3) << "each is told once, however often it is read";
  EXPECT_EQ(file_->reloads(), 1);
}

// As Kubernetes changes a mounted file: the folder behind a link is another one.
TEST_F(PolicyFileTest, SeesThroughLinks) {
  for (const char* verb : {"read", "import"}) {
    std::filesystem::create_directory(folder_.File(verb));
    std::ofstream(folder_.File(verb) + "/policy.json") << PolicyWith(verb);
  }
  std::filesystem::create_directory_symlink("read", folder_.File("data"));
  std::filesystem::create_symlink("data/policy.json", path_);
  Open();
  EXPECT_TRUE(May(Verb::kRead));
  std::filesystem::create_directory_symlink("import", folder_.File("data2"));
  std::filesystem::rename(folder_.File("data2"), folder_.File("data"));
  EXPECT_TRUE(WaitForTold(1).ok());
  EXPECT_TRUE(May(Verb::kImport));
}

TEST_F(PolicyFileTest, IsAskedMeanwhile) {
  Write(PolicyWith("read"));
  Open();
  std::vector<std::thread> askers;
  for (int i = 0; i < 3; ++i) {
    askers.emplace_back([this] {
      while (file_->reloads() < 20) {
        May(Verb::kRead);
        EXPECT_FALSE(May(Verb::kDelete)) << "neither of the two gives it";
      }
    });
  }
  for (std::size_t n = 1; n <= 20; ++n) {
    Write(PolicyWith(n % 2 == 0 ? "read" : "import"));
    EXPECT_TRUE(WaitForTold(n).ok());
  }
  for (std::thread& asker : askers) asker.join();
}

}  // namespace
}  // namespace provisioning
