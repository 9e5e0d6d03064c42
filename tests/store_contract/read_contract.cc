// SPDX-License-Identifier: Apache-2.0
// What is read is what was written: of one organization, in order, to the byte.
#include <algorithm>
#include <random>
#include <set>

#include "tests/store_contract/identity_store_suite.h"

namespace provisioning {
namespace {

using testing::ElementsAre;
using enum RowOutcome;

// All pages of a list, each but the last of them full.
template <typename Record, typename Position, typename List>
std::vector<Record> AllPages(int page_size, List list) {
  std::vector<Record> all;
  std::optional<Position> after;
  do {
    absl::StatusOr<Page<Record, Position>> page = list(after);
    EXPECT_TRUE(page.ok()) << page.status();
    if (!page.ok()) return all;
    if (page->next_after) {
      EXPECT_EQ(page->records.size(), static_cast<std::size_t>(page_size));
    }
    for (Record& record : page->records) all.push_back(std::move(record));
    after = page->next_after;
  } while (after);
  return all;
}

std::vector<std::string> ListedAddresses(IdentityStore& store,
                                         const OrganizationId& organization_id,
                                         const ClientFilter& filter, int page_size) {
  std::vector<std::string> addresses;
  for (const auto& client : AllPages<ClientRecord, Uuid>(page_size, [&](const auto& after) {
         return store.ListClients(organization_id, filter, after, page_size);
       })) {
    addresses.push_back(client.email_address);
  }
  return addresses;
}

TEST_P(IdentityStoreSuite, ClientsAreListedNewestFirst) {
  NewImport().Settle({{.number = 1, .email_address = "c@x.example"},
                      {.number = 2, .email_address = "a@x.example"}});
  clock_.Advance(absl::Seconds(1));
  NewImport().SettleOne({.number = 1, .email_address = "b@x.example"});
  for (const int page_size : {1, 2, 3, 100}) {
    EXPECT_THAT(ListedAddresses(*store_, organization, {}, page_size),
                ElementsAre("b@x.example", "a@x.example", "c@x.example"))
        << "page size " << page_size;
  }
}

TEST_P(IdentityStoreSuite, ClientsAreListedByImportAndState) {
  TestImport first = NewImport();
  first.Settle({{.number = 1, .email_address = "a@x.example"},
                {.number = 2, .email_address = "b@x.example"},
                {.number = 3, .email_address = "c@x.example"}});
  TestImport second = NewImport(With(ExistingAccount::kReissuePending));
  second.Settle({{.number = 1, .email_address = "d@x.example"},
                 {.number = 2, .email_address = "a@x.example"}});
  Use("b@x.example");
  Use("d@x.example");
  const Uuid first_id = first.key().import_id;
  const Uuid second_id = second.key().import_id;
  for (const int page_size : {1, 2, 100}) {
    const auto listed = [&](const ClientFilter& filter) {
      return ListedAddresses(*store_, organization, filter, page_size);
    };
    EXPECT_THAT(listed({first_id, std::nullopt}),
                ElementsAre("c@x.example", "b@x.example", "a@x.example"));
    EXPECT_THAT(listed({second_id, std::nullopt}), ElementsAre("d@x.example"));
    EXPECT_THAT(listed({std::nullopt, true}), ElementsAre("c@x.example", "a@x.example"));
    EXPECT_THAT(listed({std::nullopt, false}), ElementsAre("d@x.example", "b@x.example"));
    EXPECT_THAT(listed({first_id, false}), ElementsAre("b@x.example"));
    EXPECT_THAT(listed({second_id, true}), ElementsAre());
  }
}

TEST_P(IdentityStoreSuite, AListGoesOnAfterAClientThatHasGone) {
  NewImport().Settle({{.number = 1, .email_address = "a@x.example"},
                      {.number = 2, .email_address = "b@x.example"}});
  const auto page = store_->ListClients(organization, {}, std::nullopt, 1);
  Erase("b@x.example");
  const auto rest = store_->ListClients(organization, {}, page->next_after, 1);
  ASSERT_EQ(rest->records.size(), 1u);
  EXPECT_EQ(rest->records[0].email_address, "a@x.example");
  EXPECT_FALSE(rest->next_after);
}

TEST_P(IdentityStoreSuite, ImportsAreListedNewestFirst) {
  std::vector<Uuid> expected;
  for (int i = 0; i < 5; ++i) {
    // Two of them at the same time: then by id.
    if (i != 2) clock_.Advance(absl::Microseconds(1));
    expected.push_back(NewImport().key().import_id);
  }
  if (expected[1] > expected[2]) std::swap(expected[1], expected[2]);
  std::ranges::reverse(expected);
  NewImportOf(other_organization);
  for (const int page_size : {1, 2, 5, 100}) {
    std::vector<Uuid> listed;
    for (const auto& record :
         AllPages<ImportRecord, ImportPosition>(page_size, [&](const auto& after) {
           return store_->ListImports(organization, after, page_size);
         })) {
      listed.push_back(record.key.import_id);
    }
    EXPECT_EQ(listed, expected) << "page size " << page_size;
  }
}

TEST_P(IdentityStoreSuite, AccountsAreFoundInTheOrderAsked) {
  TestImport import = NewImport();
  const auto answers = import.Settle({{.number = 1, .email_address = "a@x.example"},
                                      {.number = 2, .email_address = "b@x.example"}});
  const std::string addresses[] = {"b@x.example", "nobody@x.example", "a@x.example", "b@x.example"};
  const auto accounts = store_->FindAccounts(organization, addresses, std::nullopt);
  ASSERT_TRUE(accounts.ok()) << accounts.status();
  ASSERT_EQ(accounts->size(), 4u);
  EXPECT_EQ((*accounts)[0]->client_id, answers[1].client_id);
  EXPECT_FALSE((*accounts)[1]);
  EXPECT_EQ((*accounts)[2]->client_id, answers[0].client_id);
  EXPECT_EQ((*accounts)[3]->client_id, answers[1].client_id);
  EXPECT_EQ((*accounts)[2]->created_by, (RowReference{import.key().import_id, 1}));
  EXPECT_TRUE((*accounts)[2]->pending);
  EXPECT_TRUE((*accounts)[2]->credential_generated);
}

TEST_P(IdentityStoreSuite, AnAccountTellsWhichRowOfAnImportChangedIt) {
  NewImport().SettleOne({.number = 1, .email_address = "a@x.example"});
  TestImport import = NewImport(With(ExistingAccount::kUpdateProfile));
  import.SettleOne({.number = 7, .email_address = "a@x.example", .first_name = "Anna"});
  const std::string addresses[] = {"a@x.example"};
  const auto changed_by = [&](std::optional<Uuid> import_id) {
    return store_->FindAccounts(organization, addresses, import_id)->at(0)->changed_by_row;
  };
  EXPECT_EQ(changed_by(import.key().import_id), 7);
  EXPECT_EQ(changed_by(NewImport().key().import_id), 0);
  EXPECT_EQ(changed_by(std::nullopt), 0);
}

TEST_P(IdentityStoreSuite, OrganizationsNeverSeeEachOther) {
  TestImport import = NewImport();
  const RowAnswer made = import.SettleOne({.number = 1, .email_address = "a@x.example"});
  const std::string addresses[] = {"a@x.example"};
  EXPECT_FALSE(store_->FindAccounts(other_organization, addresses, std::nullopt)->at(0));
  EXPECT_FALSE(store_->GetClient(other_organization, made.client_id)->has_value());
  EXPECT_FALSE(store_->GetClientByEmail(other_organization, "a@x.example")->has_value());
  EXPECT_TRUE(store_->ListClients(other_organization, {}, std::nullopt, 9)->records.empty());
  EXPECT_TRUE(store_->ListImports(other_organization, std::nullopt, 9)->records.empty());
  EXPECT_FALSE(store_->GetImport({other_organization, import.key().import_id})->has_value());

  const RowAnswer other =
      NewImportOf(other_organization).SettleOne({.number = 1, .email_address = "a@x.example"});
  EXPECT_EQ(other.outcome, kCreated);
  EXPECT_NE(other.client_id, made.client_id);
}

TEST_P(IdentityStoreSuite, TheSameImportIdInTwoOrganizationsIsTwoImports) {
  TestImport import = NewImport();
  import.SettleOne({.number = 5, .email_address = "a@x.example"});
  ImportClaim claim = import.MakeClaim();
  claim.key.organization_id = other_organization;
  const auto claimed = store_->ClaimImport(claim);
  ASSERT_TRUE(claimed.ok()) << claimed.status();
  EXPECT_EQ(claimed->settled_through_row, 0);

  auto batch = import.MakeBatch({});
  batch->key.organization_id = other_organization;
  batch->epoch = claimed->epoch;
  batch->rows.push_back(
      Prepare({.number = 5, .email_address = "b@x.example"}, TestCredential::kGenerated));
  const auto answer = CommitAndWait(*store_, batch);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_FALSE(answer->answers.at(0).replayed);
  EXPECT_EQ(answer->answers.at(0).outcome, kCreated);
}

TEST_P(IdentityStoreSuite, TimesAreKeptToTheMicrosecond) {
  clock_.Set(absl::FromUnixMicros(1'790'000'000'123'456) + absl::Nanoseconds(789));
  const absl::Time kept = absl::FromUnixMicros(1'790'000'000'123'456);
  TestImport import = NewImport();
  const RowAnswer answer = import.SettleOne({.number = 1, .email_address = "a@x.example"});
  EXPECT_EQ(answer.password_expires_at, kept + absl::Hours(24 * 7));
  const auto client = Client("a@x.example");
  EXPECT_EQ(client->create_time, kept);
  EXPECT_EQ(client->update_time, kept);
  EXPECT_EQ(client->password_expires_at, answer.password_expires_at);
  EXPECT_EQ(import.Record().create_time, kept);
}

TEST_P(IdentityStoreSuite, EverythingIsThereAfterReopening) {
  TestImport import = NewImport(With(ExistingAccount::kUpdateProfile));
  const TestRow row = {.number = 1, .email_address = "a@x.example", .birthdate = "19810203"};
  const RowAnswer made = import.SettleOne(row);
  const ImportRecord before = import.Record();
  Reopen();
  import.set_store(*store_);
  EXPECT_EQ(Client("a@x.example")->client_id, made.client_id);
  EXPECT_EQ(Client("a@x.example")->profile.birthdate, 19810203);
  EXPECT_EQ(import.Record().rows, before.rows);
  EXPECT_EQ(import.Record().stream_count, before.stream_count);
  EXPECT_TRUE(import.SettleOne(row, TestCredential::kNone).replayed);
  EXPECT_EQ(import.SettleOne({.number = 2, .email_address = "b@x.example"}).outcome, kCreated);
}

TEST_P(IdentityStoreSuite, AnOpenStoreIsReady) { EXPECT_TRUE(store_->CheckReady().ok()); }

// A name made of pieces that have broken other stores.
std::string NastyName(std::mt19937& random) {
  static const std::string pieces[] = {"'",
                                       "\"",
                                       "\\",
                                       "--",
                                       ";",
                                       "%",
                                       "_",
                                       "?",
                                       "$1",
                                       ":a",
                                       "'; DROP TABLE client",
                                       "\\x00",
                                       "\\N",
                                       "NULL",
                                       "null",
                                       "0x",
                                       "é",
                                       "e\u0301",
                                       "Å",
                                       "ß",
                                       "İ",
                                       "ı",
                                       "\u202e",
                                       "\u200d",
                                       "\ufeff",
                                       "漢字",
                                       "😀",
                                       "👩‍👩‍👧",
                                       "=cmd()",
                                       "{}",
                                       "<b>",
                                       "a b",
                                       "\u00a0b",
                                       "Z",
                                       "z",
                                       "\t"};
  std::string name = "n";
  const std::size_t count = 1 + random() % 12;
  for (std::size_t i = 0; i < count; ++i) name += pieces[random() % std::size(pieces)];
  return name;
}

TEST_P(IdentityStoreSuite, NastyStringsComeBackAsTheyWere) {
  constexpr int count = 10'000;
  const std::uint32_t seed = std::random_device()();
  RecordProperty("seed", std::to_string(seed));
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);

  TestImport import = NewImport();
  std::vector<std::string> addresses;
  std::vector<ClientProfile> profiles;
  auto batch = import.MakeBatch({});
  for (int i = 1; i <= count; ++i) {
    batch->rows.push_back(Prepare({.number = i,
                                   .email_address = "o'n$" + std::to_string(i) + "{%}@x.example",
                                   .first_name = NastyName(random),
                                   .last_name = NastyName(random)},
                                  TestCredential::kGenerated));
    const CheckedRow& row = batch->rows.back().row;
    if (!row.accepted()) continue;
    addresses.push_back(row.email_address());
    profiles.push_back(row.profile());
  }
  ASSERT_GT(addresses.size(), static_cast<std::size_t>(count) / 10);
  ASSERT_TRUE(import.Commit(batch).ok());
  Reopen();
  const auto accounts = store_->FindAccounts(organization, addresses, std::nullopt);
  ASSERT_TRUE(accounts.ok()) << accounts.status();
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    ASSERT_TRUE((*accounts)[i]) << addresses[i];
    ASSERT_EQ((*accounts)[i]->email_address, addresses[i]);
    ASSERT_EQ((*accounts)[i]->profile, profiles[i]);
  }
}

}  // namespace
}  // namespace provisioning
