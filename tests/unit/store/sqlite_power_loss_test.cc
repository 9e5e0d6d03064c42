// SPDX-License-Identifier: Apache-2.0
// What was answered survives the loss of power, at whatever moment it comes.
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "service/store/sqlite/sqlite_identity_store.h"
#include "tests/store_contract/test_import.h"
#include "tests/support/failing_vfs.h"
#include "tests/support/temp_folder.h"

namespace provisioning {
namespace {

constexpr int batches_max = 40;
constexpr int batch_rows = 15;

std::uint32_t FromEnvironment(const char* name, std::uint32_t otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise
                          : static_cast<std::uint32_t>(std::strtoul(value, nullptr, 10));
}

absl::StatusOr<std::unique_ptr<SqliteIdentityStore>> Open(const std::string& path,
                                                          const FailingVfs& vfs) {
  // So small a log is checkpointed all the time.
  return SqliteIdentityStore::Open(
      {.path = path, .vfs_name = vfs.name(), .on_broken = {}, .wal_pages_max = 20, .readers = 1});
}

std::vector<PreparedRow> Rows(int batch, TestCredential credential) {
  std::vector<PreparedRow> rows;
  for (int i = batch * batch_rows + 1; i <= (batch + 1) * batch_rows; ++i) {
    rows.push_back(
        Prepare({.number = i, .email_address = std::to_string(i) + "@x.example"}, credential));
  }
  return rows;
}

// Imports until the power goes; how many rows were answered CREATED.
int ImportUntilPowerGoes(const std::string& path, FailingVfs& vfs, TestImport& import,
                         std::int64_t changes) {
  auto store = Open(path, vfs);
  EXPECT_TRUE(store.ok()) << store.status();
  import.set_store(**store);
  import.Claim();
  vfs.CutPowerAt(changes);
  for (int batch = 0; batch < batches_max; ++batch) {
    if (!import.Commit(import.MakeBatch(Rows(batch, TestCredential::kGenerated))).ok()) {
      return batch * batch_rows;
    }
  }
  return batches_max * batch_rows;
}

// How many of the rows that were answered are still there, in front of any gap.
int RowsThatAreThere(const std::string& path, FailingVfs& vfs, TestImport& import, int answered) {
  auto store = Open(path, vfs);
  if (!store.ok()) return 0;
  import.set_store(**store);
  const auto record = (*store)->GetImport(import.key());
  if (!record.ok() || !record->has_value()) return 0;
  EXPECT_EQ((*record)->settled_through_row % batch_rows, 0) << "half a batch";
  if (!import.TryClaim(std::nullopt).ok()) return 0;
  for (int batch = 0; batch * batch_rows < answered; ++batch) {
    const auto answer = import.Commit(import.MakeBatch(Rows(batch, TestCredential::kNone)));
    if (!answer.ok() || answer->answers.size() != batch_rows) return batch * batch_rows;
    for (const RowAnswer& row : answer->answers) {
      if (!row.replayed || row.outcome != RowOutcome::kCreated) return batch * batch_rows;
    }
  }
  return answered;
}

struct Rounds {
  int lost = 0;  // They lost a row that had been answered.
  int cut = 0;   // The power went while rows were on their way.
};

Rounds LosePowerAgainAndAgain(int count, std::mt19937& random, bool pretend_to_sync) {
  Rounds rounds;
  for (int round = 0; round < count; ++round) {
    const TempFolder folder;
    const std::string path = folder.File("clients.db");
    const FakeClock clock;
    FailingVfs vfs;
    if (pretend_to_sync) vfs.PretendToSync();
    auto store = Open(path, vfs);
    EXPECT_TRUE(store.ok()) << store.status();
    TestImport import(**store, clock, Organization("clinic-1"),
                      With(ExistingAccount::kReport, MissingPassword::kGenerate));
    store->reset();
    const int answered =
        ImportUntilPowerGoes(path, vfs, import, 1 + static_cast<int>(random() % 600));
    if (vfs.power_is_cut() && answered > 0) ++rounds.cut;
    // From none of the unsynced writes to all of them.
    const std::uint32_t survivors = random() % 101;
    vfs.LosePower([&] { return random() % 100 < survivors; });
    if (RowsThatAreThere(path, vfs, import, answered) != answered) ++rounds.lost;
  }
  return rounds;
}

TEST(SqlitePowerLoss, NothingThatWasAnsweredIsLost) {
  const std::uint32_t seed = FromEnvironment("SEED", std::random_device()());
  const int count = static_cast<int>(FromEnvironment("COUNT", 60));
  std::printf("SEED=%u COUNT=%d\n", seed, count);
  std::mt19937 random(seed);
  const Rounds rounds = LosePowerAgainAndAgain(count, random, /*pretend_to_sync=*/false);
  EXPECT_EQ(rounds.lost, 0);
  EXPECT_GT(rounds.cut, count / 2);
}

// The test sees what it looks for: on a disk that only says it has synced, rows
// are lost.
TEST(SqlitePowerLoss, ADiskThatDoesNotSyncIsCaught) {
  const std::uint32_t seed = FromEnvironment("SEED", std::random_device()());
  std::printf("SEED=%u\n", seed);
  std::mt19937 random(seed);
  EXPECT_GT(LosePowerAgainAndAgain(20, random, /*pretend_to_sync=*/true).lost, 0);
}

}  // namespace
}  // namespace provisioning
