// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/secret_field.h"

#include <sys/mman.h>
#include <unistd.h>

#include <new>
#include <string>

#include "gtest/gtest.h"

namespace provisioning {
namespace {

TEST(SecretFieldTest, LeavesNothingBehind) {
  std::string field(100, 's');
  const char* const bytes = field.data();
  EXPECT_EQ(TakeSecret(field).size(), 100u);
  EXPECT_EQ(field, "");
  EXPECT_EQ(std::string(bytes, 100), std::string(100, '\0'));
}

// A field that is not set is the same string in every message of the process, and
// other calls read it at the same time.
TEST(SecretFieldTest, WritesNothingToAFieldThatIsNotSet) {
  const auto page_size = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  void* const page =
      mmap(nullptr, page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(page, MAP_FAILED);
  const std::string* const shared = new (page) std::string();
  ASSERT_EQ(mprotect(page, page_size, PROT_READ), 0);
  EXPECT_TRUE(TakeSecret(*shared).empty());
  munmap(page, page_size);
}

}  // namespace
}  // namespace provisioning
