// SPDX-License-Identifier: Apache-2.0
// A roll-out beside an import: of two servers on one PostgreSQL one after the other
// is stopped and started again, while `provision` imports through either. Whoever
// runs it has nothing to do.
//
//   COUNT=n restarts (default 4), ROWS=n

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/e2e/postgres_import.h"

namespace provisioning {
namespace {

class RollingRestartTest : public PostgresImport {
 protected:
  RollingRestartTest() {
    for (std::size_t i = 0; i < servers_.size(); ++i) Serve(i);
  }

  void Serve(std::size_t i) {
    servers_[i] = std::make_unique<ServerProcess>(
        std::vector<std::string>{provisiond_program(), "serve", "--listen",
                                 addresses_[i].empty() ? "127.0.0.1:0" : addresses_[i], "--store",
                                 store_address(), "--insecure-loopback"});
    addresses_[i] = servers_[i]->WaitForAddress();
    ASSERT_NE(addresses_[i], "") << servers_[i]->log();
  }

  std::array<std::unique_ptr<ServerProcess>, 2> servers_;
  std::array<std::string, 2> addresses_;
};

TEST_F(RollingRestartTest, NobodyWhoImportsHasToDoAnything) {
  const char* const text = std::getenv("COUNT");
  const int restarts = text != nullptr ? std::atoi(text) : 4;
  WriteRows();
  const auto client =
      StartImport({"--server", absl::StrCat("ipv4:", addresses_[0], ",", addresses_[1])});
  for (int i = 0; i < restarts; ++i) {
    ASSERT_TRUE(WaitForLines(*client, rows_ * (2 * i + 1) / (2 * restarts + 1))) << client->log();
    ASSERT_EQ(servers_[i % 2]->Terminate(), 0) << servers_[i % 2]->log();
    Serve(i % 2);
  }
  EXPECT_EQ(Wait(*client), 0) << client->log();
  ExpectWhole();
  const Record record = ReadRecord();
  EXPECT_GT(record.streams, 1) << "no restart met the import: take more ROWS";
  std::printf("%d restarts, %d rows, %d streams\n", restarts, rows_,
              static_cast<int>(record.streams));
}

}  // namespace
}  // namespace provisioning
