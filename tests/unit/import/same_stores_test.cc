// SPDX-License-Identifier: Apache-2.0
// Both engines give the same outcomes and keep the same values, whatever the rows
// are made of.
//
//   COUNT=n rows (default 10,000), SEED=n (default: random, printed)
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "service/store/sqlite/sqlite_identity_store.h"
#include "tests/support/fake_clock.h"
#include "tests/support/nasty_rows.h"
#include "tests/support/postgres_database.h"
#include "tests/support/stream_caller.h"
#include "tests/support/temp_folder.h"
#include "tests/support/test_server.h"
#include "tests/unit/import/ownership_race.h"

namespace provisioning {
namespace {

constexpr int clients_per_page = 1'000;

std::unique_ptr<IdentityStore> OpenSqlite(const std::string& path) {
  SqliteOptions options;
  options.path = path;
  auto store = SqliteIdentityStore::Open(options);
  EXPECT_TRUE(store.ok()) << store.status();
  return *std::move(store);
}

// What an engine made of the rows.
struct Made {
  std::vector<RowResult> results;
  std::vector<ClientRecord> clients;
};

class SameStoresTest : public testing::Test {
 protected:
  Made Import(TestServer& server, std::uint64_t seed, std::uint64_t count) {
    StreamStart start{.organization_id = organization_, .import_id = import_id_};
    start.options.missing_password = MissingPassword::kGenerate;
    StreamCaller caller(server.core());
    caller.Start(start);
    NastyRows rows(seed);
    for (std::uint64_t number = 1; number <= count;) {
      std::vector<ClientRow> message;
      for (; message.size() < 100 && number <= count; ++number) {
        const std::vector<std::string> cells = rows.Cells(number);
        message.push_back({.row_number = static_cast<std::int64_t>(number),
                           .email_address = cells[0],
                           .initial_password = SecretString(cells[1]),
                           .first_name = cells[2],
                           .last_name = cells[3],
                           .birthdate = cells[4],
                           .gender = cells[5],
                           .password_hash = SecretString(cells[6])});
      }
      caller.SendRows(std::move(message));
    }
    caller.End();
    caller.Close();
    EXPECT_TRUE(caller.Wait().ok()) << caller.Wait();
    return {caller.TakeResults(), Clients(server.store())};
  }

  std::vector<ClientRecord> Clients(IdentityStore& store) {
    std::vector<ClientRecord> clients;
    std::optional<Uuid> after;
    do {
      const auto page = store.ListClients(organization_, {}, after, clients_per_page);
      EXPECT_TRUE(page.ok()) << page.status();
      clients.insert(clients.end(), page->records.begin(), page->records.end());
      after = page->next_after;
    } while (after);
    return clients;
  }

  FakeClock clock_;
  const OrganizationId organization_ = *OrganizationId::Parse("practice");
  const Uuid import_id_ = Uuid::NewV7(clock_.Now());
};

TEST_F(SameStoresTest, MakeTheSameOfNastyRows) {
  const std::uint64_t count = FromEnvironment("COUNT", 10'000);
  const std::uint64_t seed = FromEnvironment("SEED", std::random_device{}());
  const TempFolder folder;
  PostgresServer postgres;
  TestServer embedded(OpenSqlite(folder.File("clients.db")), clock_);
  TestServer remote(OpenPostgres({.url = NewMigratedDatabase(postgres)}), clock_);
  const Made here = Import(embedded, seed, count);
  const Made there = Import(remote, seed, count);
  ASSERT_EQ(here.results.size(), count);
  ASSERT_EQ(there.results.size(), count);
  for (std::size_t i = 0; i < here.results.size(); ++i) {
    const RowResult& one = here.results[i];
    const RowResult& other = there.results[i];
    SCOPED_TRACE(one.row_number);
    ASSERT_EQ(one.row_number, other.row_number);
    ASSERT_EQ(one.outcome, other.outcome);
    ASSERT_EQ(one.email_address, other.email_address);
    ASSERT_EQ(one.first_row_number, other.first_row_number);
    ASSERT_EQ(one.password_expires_at, other.password_expires_at);
  }
  ASSERT_EQ(here.clients.size(), there.clients.size());
  EXPECT_GT(here.clients.size(), count / 20);
  for (std::size_t i = 0; i < here.clients.size(); ++i) {
    const ClientRecord& one = here.clients[i];
    const ClientRecord& other = there.clients[i];
    SCOPED_TRACE(one.email_address);
    ASSERT_EQ(one.email_address, other.email_address);
    ASSERT_EQ(one.profile, other.profile);
    ASSERT_EQ(one.pending, other.pending);
    ASSERT_EQ(one.create_time, other.create_time);
    ASSERT_EQ(one.created_by, other.created_by);
    ASSERT_EQ(one.credential_set_by, other.credential_set_by);
    ASSERT_EQ(one.password_expires_at, other.password_expires_at);
  }
  std::printf("%zu clients\n", here.clients.size());
}

}  // namespace
}  // namespace provisioning
