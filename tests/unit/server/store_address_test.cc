// SPDX-License-Identifier: Apache-2.0
#include "service/server/store_address.h"

#include <fstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temp_folder.h"

namespace provisioning {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string RefusalOf(const StoreFlags& flags) {
  const auto address = ReadStoreAddress(flags);
  EXPECT_FALSE(address.ok()) << "taken";
  return std::string(address.status().message());
}

class StoreFileTest : public testing::Test {
 protected:
  StoreFlags File(const std::string& content) const {
    std::ofstream(path_) << content;
    return {.store = "", .file = path_};
  }

  const TempFolder folder_;
  const std::string path_ = folder_.File("store");
};

TEST(StoreAddressTest, NamesItsEngine) {
  const auto sqlite = ReadStoreAddress({.store = "sqlite:/var/lib/a b.db", .file = ""});
  ASSERT_TRUE(sqlite.ok()) << sqlite.status();
  EXPECT_EQ(sqlite->engine, StoreEngine::kSqlite);
  EXPECT_EQ(sqlite->place, "/var/lib/a b.db");
  for (const std::string url :
       {"postgresql://u@h/d", "postgres://u@h:5433,h2/d?sslmode=verify-full", "postgresql:///d"}) {
    const auto postgres = ReadStoreAddress({.store = url, .file = ""});
    ASSERT_TRUE(postgres.ok()) << postgres.status();
    EXPECT_EQ(postgres->engine, StoreEngine::kPostgres);
    EXPECT_EQ(postgres->place, url);
  }
}

TEST(StoreAddressTest, RefusesWhatItDoesNotKnow) {
  for (const std::string store : {"", "clients.db", "sqlite:", "mysql://h/d", "host=h dbname=d"}) {
    EXPECT_THAT(RefusalOf({.store = store, .file = ""}),
                AllOf(HasSubstr("--store"), HasSubstr("sqlite:PATH"), HasSubstr("postgresql://")));
  }
}

TEST(StoreAddressTest, TakesNoPasswordFromTheCommandLine) {
  for (const std::string store :
       {"postgresql://u:hush-hush@h/d", "postgresql://u@h/d?password=hush-hush",
        "postgresql://u@h/d?sslkey=k&sslpassword=hush-hush"}) {
    EXPECT_THAT(RefusalOf({.store = store, .file = ""}),
                AllOf(HasSubstr("--store-file"), Not(HasSubstr("hush"))));
  }
}

TEST(StoreAddressTest, DoesNotRepeatAPasswordThatLibpqDoesNotUnderstand) {
  for (const std::string store : {"postgresql://u:hush/hush@h:5432/d", "postgresql://u:12/hush@h/d",
                                  "postgresql://u:hu%zzsh@h/d", "postgresql://u@h/d?hush=hush"}) {
    EXPECT_THAT(RefusalOf({.store = store, .file = ""}),
                AllOf(HasSubstr("--store"), Not(HasSubstr("hush")), Not(HasSubstr("hu%"))));
  }
}

TEST_F(StoreFileTest, HoldsAnAddressInItsFirstLine) {
  for (const std::string content : {"postgresql://u:hush@h/d", "postgresql://u:hush@h/d\n",
                                    "  postgresql://u:hush@h/d \r\nmore\n"}) {
    const auto address = ReadStoreAddress(File(content));
    ASSERT_TRUE(address.ok()) << address.status();
    EXPECT_EQ(address->place, "postgresql://u:hush@h/d");
  }
}

TEST_F(StoreFileTest, IsNamedWhenItDoesNot) {
  EXPECT_THAT(RefusalOf({.store = "", .file = folder_.File("none")}),
              AllOf(HasSubstr("--store-file"), HasSubstr("none"), HasSubstr("No such file")));
  EXPECT_THAT(RefusalOf(File("\npostgresql://h/d")), HasSubstr("first line"));
  EXPECT_THAT(RefusalOf(File("")), HasSubstr(path_));
  EXPECT_THAT(RefusalOf(File("hush-hush")), AllOf(HasSubstr(path_), Not(HasSubstr("hush"))));
}

}  // namespace
}  // namespace provisioning
