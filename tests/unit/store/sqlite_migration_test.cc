// SPDX-License-Identifier: Apache-2.0
// A database of the first schema: everything in it is as it was once it is
// opened, and an opening that is broken off leaves it so.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "service/credential/credential_factory.h"
#include "service/store/sqlite/connection.h"
#include "service/store/sqlite/migrations.h"
#include "service/store/sqlite/schema.h"
#include "service/store/sqlite/sqlite_identity_store.h"
#include "tests/store_contract/test_account.h"
#include "tests/store_contract/test_import.h"
#include "tests/support/failing_vfs.h"
#include "tests/support/temp_folder.h"

namespace provisioning {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using enum RowOutcome;

const Uuid import_a = *Uuid::Parse("aaaaaaaa-0000-4000-8000-000000000001");
const Uuid update_b = *Uuid::Parse("bbbbbbbb-0000-4000-8000-000000000002");
const Uuid reissue_c = *Uuid::Parse("cccccccc-0000-4000-8000-000000000003");

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t created = 1'790'000'000 * second;

Uuid ClientId(int number) {
  std::string bytes = std::string("\x01\x99\x00\x00\x00\x00\x70\x00\x80", 9) + std::string(7, '\0');
  bytes.back() = static_cast<char>(number);
  return *Uuid::FromBytes(bytes);
}

std::string Blob(const std::optional<Uuid>& id) {
  if (!id) return "NULL";
  const std::string_view bytes = id->bytes();
  return absl::StrCat("x'", absl::BytesToHexString(absl::string_view(bytes.data(), bytes.size())),
                      "'");
}

// A client as the first schema has them.
struct OldClient {
  int number = 0;
  std::string email_address;
  std::string first_name = "Ann";
  bool pending = true;
  std::optional<Uuid> created_import = import_a;
  bool profile_changed = false;
  CredentialFactory::Generated password;
  bool generated = true;
  std::optional<Uuid> credential_import = import_a;
  int credential_row = 0;
  std::int64_t expire_time = created + 7 * 86'400 * second;

  std::string Sql() const {
    const auto row = [](const std::optional<Uuid>& import, int number) {
      return import ? std::to_string(number) : std::string("NULL");
    };
    return absl::StrCat(
        "INSERT INTO client VALUES ('clinic-1', ", Blob(ClientId(number)), ", '", email_address,
        "', '", first_name, "', 'Lée', 19811120, 70, ", pending ? 1 : 2, ", ", created + number,
        ", ", created + 60 * second, ", ", Blob(created_import), ", ", row(created_import, number),
        ", ", profile_changed ? 1 : 0, ", '", password.credential.phc(), "', ", generated ? 1 : 0,
        ", ", Blob(credential_import), ", ", row(credential_import, credential_row), ", ",
        pending ? std::to_string(expire_time) : "NULL", ");");
  }
};

std::string OldImport(const Uuid& import_id, bool complete, int settled, int policy) {
  return absl::StrCat("INSERT INTO import VALUES ('clinic-1', ", Blob(import_id), ", ",
                      complete ? 1 : 0, ", ", settled, ", 3, 'pod-1', 4, 2, ", policy, ", ",
                      7 * 86'400 * second, ", 'clients.csv', '', 1, 2, 3, 4, 5, 6, ", created, ", ",
                      created + 1, ");");
}

std::string OldEffect(const Uuid& import_id, int row, int client, RowOutcome outcome) {
  return absl::StrCat("INSERT INTO import_effect VALUES ('clinic-1', ", Blob(import_id), ", ", row,
                      ", ", Blob(ClientId(client)), ", ", static_cast<int>(outcome), ");");
}

class SqliteMigrationTest : public testing::Test {
 protected:
  SqliteMigrationTest() {
    const CredentialFactory factory(HashCost{.memory_kib = 8, .iterations = 1});
    const auto add = [&](OldClient client) {
      client.number = static_cast<int>(clients_.size()) + 1;
      client.credential_row = client.credential_row == 0 ? client.number : client.credential_row;
      clients_.push_back(std::move(client));
    };
    add({.email_address = "pending@x.example", .password = factory.Generate()});
    add({.email_address = "changed@x.example",
         .first_name = "Anna",
         .profile_changed = true,
         .password = factory.Generate()});
    add({.email_address = "reissued@x.example",
         .password = factory.Generate(),
         .credential_import = reissue_c,
         .credential_row = 9,
         .expire_time = created + second});
    add({.email_address = "active@x.example",
         .pending = false,
         .password = {SecretString("Harbour-Lantern-42"),
                      *factory.HashLasting(SecretString("Harbour-Lantern-42"))},
         .generated = false});
    add({.email_address = "given@x.example",
         .password = {SecretString("Meadow-Compass-77"),
                      *factory.Hash(SecretString("Meadow-Compass-77"))},
         .generated = false});
    add({.email_address = "of-nobody@x.example",
         .created_import = std::nullopt,
         .password = factory.Generate(),
         .credential_import = std::nullopt});
    MakeOldDatabase();
  }

  void MakeOldDatabase() {
    std::ofstream(old_path_).flush();
    auto connection = Connection::Open(old_path_, Connection::Mode::kReadWrite, "");
    ASSERT_TRUE(connection.ok()) << connection.status();
    ASSERT_TRUE(connection->SetPragma("application_id", std::to_string(application_id)).ok());
    ASSERT_EQ(SqliteMigrations()[0].version, 1);
    std::string sql = std::string(SqliteMigrations()[0].sql) + "PRAGMA user_version=1;";
    for (const OldClient& client : clients_) sql += client.Sql();
    sql += OldImport(import_a, true, 5, 1) + OldImport(update_b, false, 4, 2) +
           OldImport(reissue_c, false, 9, 3);
    sql += OldEffect(update_b, 4, 2, kUpdated) + OldEffect(reissue_c, 9, 3, kReissued);
    ASSERT_TRUE(connection->Execute(sql).ok());
    ASSERT_TRUE(connection->SetPragma("journal_mode", "wal").ok());
  }

  std::string CopyOfOld(int number) {
    const std::string path = folder_.File(absl::StrCat("clients-", number, ".db"));
    std::filesystem::copy_file(old_path_, path);
    return path;
  }

  static auto Open(const std::string& path, const std::string& vfs_name = "") {
    return SqliteIdentityStore::Open(
        {.path = path, .vfs_name = vfs_name, .on_broken = {}, .readers = 1});
  }

  // A stream that goes on with an import.
  std::shared_ptr<ImportBatch> Batch(IdentityStore& store, const Uuid& import_id,
                                     ExistingAccount policy, const TestRow& row,
                                     TestCredential credential) {
    ImportClaim claim{.key = {organization, import_id},
                      .options = With(policy),
                      .session_id = "",
                      .attempt = 0,
                      .answered_through_row = std::nullopt,
                      .now = clock_.Now()};
    const auto claimed = store.ClaimImport(claim);
    EXPECT_TRUE(claimed.ok()) << claimed.status();
    auto batch = std::make_shared<ImportBatch>(
        ImportBatch{.key = claim.key,
                    .epoch = claimed->epoch,
                    .missing_password = claim.options.missing_password,
                    .existing_account = policy,
                    .now = clock_.Now(),
                    .password_expires_at = clock_.Now() + absl::Hours(1)});
    batch->rows.push_back(Prepare(row, credential));
    return batch;
  }
  RowAnswer Send(IdentityStore& store, const Uuid& import_id, ExistingAccount policy,
                 const TestRow& row, TestCredential credential = TestCredential::kNone) {
    const auto answer = CommitAndWait(store, Batch(store, import_id, policy, row, credential));
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer->answers.at(0);
  }

  TestRow RowOf(const OldClient& client) const {
    return {.number = client.number,
            .email_address = client.email_address,
            .first_name = client.first_name,
            .last_name = "Lée",
            .birthdate = "19811120",
            .gender = "F"};
  }

  // Reads everything, and changes nothing.
  void ExpectAsItWas(IdentityStore& store);
  void ExpectClientAsItWas(IdentityStore& store, const OldClient& client);

  const OrganizationId organization = Organization("clinic-1");
  FakeClock clock_;
  const TempFolder folder_;
  const std::string old_path_ = folder_.File("old.db");
  std::vector<OldClient> clients_;
};

void SqliteMigrationTest::ExpectClientAsItWas(IdentityStore& store, const OldClient& client) {
  SCOPED_TRACE(client.email_address);
  const auto record = store.GetClient(organization, ClientId(client.number)).value();
  ASSERT_TRUE(record);
  const absl::Time expiry =
      client.pending ? absl::FromUnixMicros(client.expire_time) : absl::InfinitePast();
  EXPECT_EQ(record->email_address, client.email_address);
  EXPECT_EQ(record->profile, (ClientProfile{client.first_name, "Lée", 19811120, 'F'}));
  EXPECT_EQ(record->pending, client.pending);
  EXPECT_EQ(record->create_time, absl::FromUnixMicros(created + client.number));
  EXPECT_EQ(record->update_time, absl::FromUnixMicros(created + 60 * second));
  EXPECT_EQ(record->password_expires_at, expiry);
  EXPECT_EQ(record->consecutive_failures, 0);
  const auto row_of = [](const std::optional<Uuid>& import, int number) {
    return import ? std::optional(RowReference{*import, number}) : std::nullopt;
  };
  EXPECT_EQ(record->created_by, row_of(client.created_import, client.number));

  const std::string addresses[] = {client.email_address};
  const auto facts = store.FindAccounts(organization, addresses, std::nullopt).value().at(0);
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->client_id, ClientId(client.number));
  EXPECT_EQ(facts->used, !client.pending);
  EXPECT_EQ(facts->profile_changed, client.profile_changed);
  EXPECT_EQ(facts->credential_generated, client.generated);
  EXPECT_EQ(facts->credential_set_by, row_of(client.credential_import, client.credential_row));

  const auto sign_in = store.FindSignInAccount(organization, client.email_address).value();
  ASSERT_TRUE(sign_in);
  EXPECT_EQ(sign_in->credential, client.password.credential.phc());
  EXPECT_TRUE(VerifyCredential(sign_in->credential, client.password.password));
  EXPECT_EQ(sign_in->pending, client.pending);
  EXPECT_EQ(sign_in->password_expires_at, expiry);
}

std::vector<std::string> Listed(IdentityStore& store, const OrganizationId& organization,
                                const ClientFilter& filter) {
  std::vector<std::string> addresses;
  const auto page = store.ListClients(organization, filter, std::nullopt, 100);
  for (const ClientRecord& client : page.value().records) {
    addresses.push_back(client.email_address.substr(0, client.email_address.find('@')));
  }
  return addresses;
}

void SqliteMigrationTest::ExpectAsItWas(IdentityStore& store) {
  for (const OldClient& client : clients_) ExpectClientAsItWas(store, client);
  EXPECT_THAT(Listed(store, organization, {}),
              ElementsAre("of-nobody", "given", "active", "reissued", "changed", "pending"));
  EXPECT_THAT(Listed(store, organization, {import_a, true}),
              ElementsAre("given", "reissued", "changed", "pending"));
  EXPECT_THAT(Listed(store, organization, {std::nullopt, false}), ElementsAre("active"));
  EXPECT_THAT(Listed(store, organization,
                     {std::nullopt, std::nullopt, absl::FromUnixMicros(created + second + 1)}),
              ElementsAre("reissued"));
  EXPECT_THAT(Listed(store, organization, {std::nullopt, std::nullopt, std::nullopt, reissue_c}),
              ElementsAre("reissued"));
  EXPECT_THAT(Listed(store, organization, {std::nullopt, std::nullopt, std::nullopt, import_a}),
              ElementsAre("given", "changed", "pending"));

  const ImportRecord record = store.GetImport({organization, import_a})->value();
  EXPECT_EQ(record.state, ImportState::kComplete);
  EXPECT_EQ(record.settled_through_row, 5);
  EXPECT_EQ(record.stream_count, 3);
  EXPECT_EQ(record.session_id, "pod-1");
  EXPECT_EQ(record.rows[kCreated], 6);
  EXPECT_EQ(record.rows[kRejected], 1);
  EXPECT_EQ(record.reverted_clients, 0);
  EXPECT_FALSE(record.options.single_client);
  EXPECT_EQ(store.GetImport({organization, update_b})->value().state, ImportState::kOpen);
  EXPECT_EQ(store.ListImports(organization, std::nullopt, 100)->records.size(), 3u);
  EXPECT_THAT(store.ListAudit(0, 100)->records, IsEmpty());
}

TEST_F(SqliteMigrationTest, EverythingIsAsItWas) {
  for (int round = 0; round < 2; ++round) {
    const auto store = Open(old_path_);
    ASSERT_TRUE(store.ok()) << store.status();
    ExpectAsItWas(**store);
  }
}

TEST_F(SqliteMigrationTest, RowsAreAnsweredAsBefore) {
  const auto opened = Open(old_path_);
  ASSERT_TRUE(opened.ok()) << opened.status();
  IdentityStore& store = **opened;
  for (const OldClient& client : clients_) {
    if (!client.created_import) continue;
    const RowAnswer answer = Send(store, import_a, ExistingAccount::kReport, RowOf(client));
    EXPECT_TRUE(answer.replayed);
    EXPECT_EQ(answer.outcome, kCreated) << client.email_address;
    EXPECT_EQ(answer.client_id, ClientId(client.number));
  }
  TestRow row = RowOf(clients_[0]);
  row.first_name = "Another";
  EXPECT_EQ(Send(store, import_a, ExistingAccount::kReport, row).outcome, kConflictingReplay);
  row = RowOf(clients_[1]);
  row.number = 4;
  EXPECT_EQ(Send(store, update_b, ExistingAccount::kUpdateProfile, row).outcome, kUpdated);
  row = RowOf(clients_[2]);
  row.number = 9;
  EXPECT_EQ(Send(store, reissue_c, ExistingAccount::kReissuePending, row).outcome, kReissued);
  for (const OldClient& client : clients_) ExpectClientAsItWas(store, client);

  // A lost answer gets a new password, if the row set the one there is.
  EXPECT_TRUE(Send(store, import_a, ExistingAccount::kReport, RowOf(clients_[0]),
                   TestCredential::kGenerated)
                  .credential_set);
  for (const int of_others : {2, 3, 4}) {
    EXPECT_FALSE(Send(store, import_a, ExistingAccount::kReport, RowOf(clients_[of_others]),
                      TestCredential::kGenerated)
                     .credential_set);
  }
  // New rows find the addresses that are there.
  row = RowOf(clients_[5]);
  row.number = 20;
  EXPECT_EQ(Send(store, update_b, ExistingAccount::kUpdateProfile, row).outcome, kAlreadyExists);
  EXPECT_EQ(Send(store, update_b, ExistingAccount::kUpdateProfile,
                 {.number = 21, .email_address = "new@x.example"}, TestCredential::kGenerated)
                .outcome,
            kCreated);
}

TEST_F(SqliteMigrationTest, AccountsLiveOn) {
  const auto opened = Open(old_path_);
  ASSERT_TRUE(opened.ok()) << opened.status();
  IdentityStore& store = **opened;
  for (const OldClient& client : clients_) {
    SCOPED_TRACE(client.email_address);
    const Credential lasting = *MakeCredential(TestCredential::kGiven);
    EXPECT_EQ(store
                  .Activate({.organization_id = organization,
                             .client_id = ClientId(client.number),
                             .expected_credential = client.password.credential.phc(),
                             .credential = lasting,
                             .now = clock_.Now(),
                             .caller = test_caller})
                  .value(),
              client.pending);
    if (client.pending) {
      EXPECT_EQ(store.FindSignInAccount(organization, client.email_address).value()->credential,
                lasting.phc());
    }
    EXPECT_TRUE(store.EraseClient(organization, ClientId(client.number), test_caller, clock_.Now())
                    .value());
    EXPECT_EQ(KnownOf(store, organization, ClientId(client.number), client.email_address), "");
  }
}

TEST_F(SqliteMigrationTest, AnOldImportIsReverted) {
  const auto opened = Open(old_path_);
  ASSERT_TRUE(opened.ok()) << opened.status();
  IdentityStore& store = **opened;
  const ImportKey key{organization, import_a};
  ASSERT_TRUE(store.BeginRevert(key, test_caller, clock_.Now()).ok());
  const auto answer = store.RevertClients(key, 0, 100, test_caller, clock_.Now());
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->removed, 2);
  std::vector<KeptReason> reasons;
  for (const KeptClient& kept : answer->kept) reasons.push_back(kept.reason);
  EXPECT_THAT(reasons, ElementsAre(KeptReason::kProfileChanged, KeptReason::kPasswordReissued,
                                   KeptReason::kUsed));
  EXPECT_THAT(Listed(store, organization, {}),
              ElementsAre("of-nobody", "active", "reissued", "changed"));
}

// What the disk does to an opening. False: nothing went wrong any more.
using Trouble = std::function<void(FailingVfs& vfs, int change)>;

TEST_F(SqliteMigrationTest, AMigrationThatIsBrokenOffLeavesTheDatabaseAsItWas) {
  const std::pair<const char*, Trouble> troubles[] = {
      {"the disk is full",
       [](FailingVfs& vfs, int change) {
         vfs.Fail(FailingVfs::Kind::kWrite, change, SQLITE_FULL, FailingVfs::Span::kForever);
       }},
      {"a sync fails",
       [](FailingVfs& vfs, int change) {
         vfs.Fail(FailingVfs::Kind::kSync, change, SQLITE_IOERR_FSYNC, FailingVfs::Span::kForever);
       }},
      {"the power goes", [](FailingVfs& vfs, int change) { vfs.CutPowerAt(change); }},
  };
  int copies = 0;
  for (const auto& [what, trouble] : troubles) {
    int broken_off = 0;
    int unfinished = 0;
    for (int change = 1;; ++change) {
      SCOPED_TRACE(testing::Message() << what << " at change " << change);
      const std::string path = CopyOfOld(++copies);
      bool opened = false;
      bool survives = false;
      {
        FailingVfs vfs;
        trouble(vfs, change);
        opened = Open(path, vfs.name()).ok();
        vfs.Mend();
        // Every other write that was not synced has reached the disk.
        if (vfs.power_is_cut()) vfs.LosePower([&] { return survives = !survives; });
      }
      if (opened) break;
      ++broken_off;
      {
        auto connection = Connection::Open(path, Connection::Mode::kReadWrite, "");
        ASSERT_TRUE(connection.ok()) << connection.status();
        const std::int64_t version = connection->ReadNumber("PRAGMA user_version").value();
        EXPECT_TRUE(version == 1 || version == 2) << version;
        // Whole, either way: the program before this one goes on with it.
        if (version == 1) {
          ++unfinished;
          EXPECT_EQ(connection
                        ->ReadNumber("SELECT count(*) FROM client WHERE state IN (1, 2) AND "
                                     "credential NOT LIKE '% '")
                        .value(),
                    static_cast<std::int64_t>(clients_.size()));
        }
        EXPECT_EQ(connection
                      ->ReadNumber("SELECT count(*) FROM pragma_integrity_check() "
                                   "WHERE integrity_check='ok'")
                      .value(),
                  1);
      }
      const auto store = Open(path);
      ASSERT_TRUE(store.ok()) << store.status();
      ExpectAsItWas(**store);
      if (HasFailure()) return;
    }
    EXPECT_GT(broken_off, 0) << what;
    EXPECT_GT(unfinished, 0) << what;
  }
}

}  // namespace
}  // namespace provisioning
