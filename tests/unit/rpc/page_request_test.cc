// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/page_request.h"

#include <string>

#include "gtest/gtest.h"
#include "service/model/error.h"

namespace provisioning {
namespace {

TEST(PageRequestTest, PageSizes) {
  EXPECT_EQ(*CheckPageSize(0), 100);
  EXPECT_EQ(*CheckPageSize(1), 1);
  EXPECT_EQ(*CheckPageSize(1000), 1000);
  EXPECT_EQ(*CheckPageSize(1001), 1000);
  EXPECT_EQ(*CheckPageSize(INT32_MAX), 1000);
}

TEST(PageRequestTest, RefusesANegativePageSize) {
  for (const int page_size : {-1, INT32_MIN}) {
    const absl::Status status = CheckPageSize(page_size).status();
    EXPECT_EQ(ReasonOf(status), ErrorReason::kOptionInvalid);
    EXPECT_EQ(FieldOf(status), "page_size");
  }
}

TEST(PageRequestTest, TokensCarryAnyBytes) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  for (std::size_t size = 1; size <= bytes.size(); ++size) {
    const auto read = ReadPageToken(MakePageToken(bytes.substr(bytes.size() - size)));
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(*read, bytes.substr(bytes.size() - size));
  }
}

// They go into URLs and command lines.
TEST(PageRequestTest, TokensNeedNoQuoting) {
  const std::string token = MakePageToken(std::string("\xff\xfe\xfd\0\x3e\x3f", 6));
  EXPECT_EQ(token.find_first_of("+/ &?#'\"\n"), std::string::npos) << token;
}

TEST(PageRequestTest, RefusesATokenThatIsNone) {
  for (const std::string token : {"?", "a+b/", "\xff\xfe", "=", "abcde"}) {
    const absl::Status status = ReadPageToken(token).status();
    EXPECT_EQ(ReasonOf(status), ErrorReason::kOptionInvalid) << token;
    EXPECT_EQ(FieldOf(status), "page_token");
  }
}

TEST(PageRequestTest, NamesTheIdThatIsWrong) {
  EXPECT_EQ(FieldOf(CheckUuid("import_id", "x").status()), "import_id");
  EXPECT_EQ(FieldOf(CheckUuid("client_id", "").status()), "client_id");
  EXPECT_EQ(FieldOf(CheckOrganizationId("A").status()), "organization_id");
  EXPECT_TRUE(CheckUuid("import_id", "0190a0a0-0000-7000-8000-000000000001").ok());
  EXPECT_TRUE(CheckOrganizationId("a").ok());
}

}  // namespace
}  // namespace provisioning
