// SPDX-License-Identifier: Apache-2.0
// A database's password is in a file, and nowhere that others can look.
#include <fstream>
#include <iterator>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/provisiond_fixture.h"
#include "tests/support/postgres_server.h"

namespace provisioning {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char password[] = "between-us-two";

class StoreFileTest : public ProvisiondFixture {
 protected:
  StoreFileTest() {
    std::string url = postgres_.NewDatabase();
    url.insert(url.find('@'), std::string(":") + password);
    std::ofstream(file_) << url << "\n";
  }
  // To its end; what it said.
  std::string RunToEnd(const std::vector<std::string>& arguments, int exit_code) {
    const auto process = Run(arguments);
    EXPECT_EQ(process->Wait(absl::Minutes(1)), exit_code) << process->log();
    EXPECT_THAT(process->log(), Not(HasSubstr(password)));
    return process->log();
  }
  std::vector<std::string> Serve() const {
    return {"serve", "--listen", "127.0.0.1:0", "--store-file", file_, "--insecure-loopback"};
  }

  PostgresServer postgres_;
  const TempFolder folder_;
  const std::string file_ = folder_.File("store");
};

TEST_F(StoreFileTest, ItsPasswordIsNotSeen) {
  EXPECT_THAT(RunToEnd(Serve(), 1), HasSubstr("provisiond migrate"));
  EXPECT_THAT(RunToEnd({"migrate", "--store-file", file_}, 0), HasSubstr("version 1; it was 0"));
  EXPECT_THAT(RunToEnd({"migrate", "--store-file", file_}, 0), HasSubstr("version 1; it was 1"));
  EXPECT_EQ(RunToEnd({"audit", "export", "--store-file", file_}, 0), "");
  const auto server = Run(Serve());
  ASSERT_NE(server->WaitForAddress(), "") << server->log();
  for (const char* name : {"cmdline", "environ"}) {
    std::ifstream file("/proc/" + std::to_string(server->id()) + "/" + name);
    EXPECT_THAT(std::string(std::istreambuf_iterator<char>(file), {}), Not(HasSubstr(password)));
  }
  EXPECT_EQ(postgres_.ReadCell("postgres",
                               "SELECT count(*) FROM pg_stat_activity WHERE query LIKE "
                               "'%between-us%' AND pid<>pg_backend_pid()"),
            "0");
  postgres_.Stop();
  EXPECT_THAT(RunToEnd(Serve(), 1), HasSubstr("cannot connect to the database"));
  server->Kill();
  EXPECT_THAT(server->log(), Not(HasSubstr(password)));
}

TEST_F(StoreFileTest, OneOfTheTwoFlagsIsGiven) {
  EXPECT_NE(Run({"migrate"})->Wait(absl::Minutes(1)), 0);
  EXPECT_NE(Run({"migrate", "--store", "sqlite:a", "--store-file", file_})->Wait(absl::Minutes(1)),
            0);
}

}  // namespace
}  // namespace provisioning
