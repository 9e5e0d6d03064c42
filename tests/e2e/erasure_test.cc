// SPDX-License-Identifier: Apache-2.0
// Nothing of an erased client is left in any file of the embedded store, whatever
// was done to the accounts before.
//
//   COUNT=n clients that are imported (default 10,000), DELETED=n of them are
//   erased one by one (default 500; DELETED=10000 takes some minutes), the rest by
//   a revert, as far as it takes them; SEED=n

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_format.h"
#include "gtest/gtest.h"
#include "tests/e2e/provisiond_fixture.h"
#include "tests/support/raw_database.h"

namespace provisioning {
namespace {

constexpr int callers = 16;
constexpr int rows_per_message = 1000;

std::int64_t FromEnvironment(const char* name, std::int64_t otherwise) {
  const char* const text = std::getenv(name);
  return text != nullptr ? std::atoll(text) : otherwise;
}

// What is looked for: the address and the names of client `number` have this in
// them, and nothing else has.
std::string Mark(char kind, std::int64_t number) {
  return absl::StrFormat("q%cz%07dz", kind, number);
}
constexpr std::size_t mark_bytes = 11;
constexpr char address_kind = 'a';
constexpr char name_kinds[] = {'f', 'l', 'n'};  // First and last name, and a new last name.

std::string Bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The numbers of all clients of whom something stands in a file of the store.
std::set<std::int64_t> ClientsIn(const std::string& database_path) {
  std::set<std::int64_t> numbers;
  for (const char* suffix : {"", "-wal", "-journal", ".failures", ".failures-wal", ".lock"}) {
    const std::string bytes = Bytes(database_path + suffix);
    for (std::size_t at = bytes.find('q'); at != std::string::npos; at = bytes.find('q', at + 1)) {
      const std::string mark = bytes.substr(at, mark_bytes);
      const std::int64_t number = mark.size() == mark_bytes ? std::atoll(mark.c_str() + 3) : 0;
      if (number > 0 && mark == Mark(mark[1], number)) numbers.insert(number);
    }
  }
  return numbers;
}

class ErasureTest : public ProvisiondFixture {
 protected:
  ErasureTest() { std::cout << "COUNT=" << count_ << " SEED=" << seed_ << std::endl; }

  v1::ClientRow Row(std::int64_t number) const {
    v1::ClientRow row;
    row.set_row_number(number);
    // Of many sizes, so that pages fill in many ways.
    const std::string more(static_cast<std::size_t>(number * 7 % 40), 'x');
    row.set_email_address(Mark(address_kind, number) + more + "@practice.example");
    row.set_first_name(Mark(name_kinds[0], number) + more);
    row.set_last_name(Mark(name_kinds[1], number));
    return row;
  }

  // Of those that `chooses` is true for; `change` makes their rows what they are.
  template <typename Chooses, typename Change>
  std::string ImportSome(v1::ExistingAccount policy, Chooses chooses, Change change) {
    const std::string import_id = NewImportId();
    std::vector<v1::ImportClientsRequest> messages = {StartMessage(import_id)};
    messages[0].mutable_start()->set_existing_account(policy);
    for (std::int64_t number = 1; number <= count_; ++number) {
      if (!chooses(number)) continue;
      const bool full =
          messages.size() == 1 || messages.back().rows().rows_size() == rows_per_message;
      if (full) messages.emplace_back();
      v1::ClientRow& row = *messages.back().mutable_rows()->add_rows();
      row = Row(number);
      change(number, row);
    }
    messages.push_back(EndMessage());
    const auto call = Import(messages);
    EXPECT_TRUE(call->Wait().ok());
    return import_id;
  }

  // By many callers at a time.
  void Erase(const std::vector<std::int64_t>& numbers) {
    std::atomic<std::size_t> next = 0;
    std::vector<std::thread> threads;
    accounts();
    for (int i = 0; i < callers; ++i) {
      threads.emplace_back([&] {
        for (std::size_t k = next++; k < numbers.size(); k = next++) {
          v1::DeleteClientRequest request;
          request.set_organization_id(test_organization);
          request.set_email_address(Row(numbers[k]).email_address());
          grpc::ClientContext context;
          v1::DeleteClientResponse response;
          const grpc::Status status = accounts().DeleteClient(&context, request, &response);
          EXPECT_TRUE(status.ok()) << status.error_message();
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }

  // Wrong passwords, so that there are failures to look into.
  void Guess(std::int64_t number) {
    v1::VerifyPasswordRequest request;
    request.set_organization_id(test_organization);
    request.set_email_address(Row(number).email_address());
    request.set_password("no such password");
    grpc::ClientContext context;
    v1::VerifyPasswordResponse response;
    EXPECT_TRUE(accounts().VerifyPassword(&context, request, &response).ok());
    EXPECT_EQ(response.outcome(), v1::VERIFY_PASSWORD_OUTCOME_WRONG);
  }

  const std::int64_t count_ = FromEnvironment("COUNT", 10'000);
  const std::uint64_t seed_ =
      static_cast<std::uint64_t>(FromEnvironment("SEED", std::random_device()()));
};

TEST_F(ErasureTest, NothingOfAnErasedClientIsLeftInAnyFile) {
  const auto all = [](std::int64_t) { return true; };
  const auto as_it_is = [](std::int64_t, v1::ClientRow&) {};
  const std::string import_id = ImportSome(v1::EXISTING_ACCOUNT_REPORT, all, as_it_is);
  ImportSome(
      v1::EXISTING_ACCOUNT_UPDATE_PROFILE, [](std::int64_t n) { return n % 5 == 0; },
      [](std::int64_t number, v1::ClientRow& row) {
        row.set_last_name(Mark(name_kinds[2], number) + std::string(60, 'y'));
      });
  ImportSome(
      v1::EXISTING_ACCOUNT_REISSUE_PENDING, [](std::int64_t n) { return n % 7 == 0; }, as_it_is);
  for (std::int64_t number = 1; number <= 20; ++number) Guess(number);
  ASSERT_EQ(ClientsIn(database_path()).size(), static_cast<std::size_t>(count_));

  std::vector<std::int64_t> numbers(static_cast<std::size_t>(count_));
  std::iota(numbers.begin(), numbers.end(), 1);
  std::shuffle(numbers.begin(), numbers.end(), std::mt19937_64(seed_));
  std::set<std::int64_t> left(numbers.begin(), numbers.end());
  // One alone, some, and then most.
  std::size_t begin = 0;
  const auto deleted = static_cast<std::size_t>(FromEnvironment("DELETED", 500));
  ASSERT_LE(deleted, numbers.size());
  for (const std::size_t end : {std::size_t{1}, deleted / 2, deleted}) {
    const std::vector<std::int64_t> some(numbers.begin() + static_cast<std::ptrdiff_t>(begin),
                                         numbers.begin() + static_cast<std::ptrdiff_t>(end));
    Erase(some);
    for (const std::int64_t number : some) left.erase(number);
    EXPECT_EQ(ClientsIn(database_path()), left) << "after " << end << " erasures";
    begin = end;
  }

  v1::RevertImportRequest request;
  request.set_organization_id(test_organization);
  request.set_import_id(import_id);
  grpc::ClientContext context;
  v1::RevertImportResponse response;
  const auto reader = imports().RevertImport(&context, request);
  while (reader->Read(&response)) {
  }
  EXPECT_TRUE(reader->Finish().ok());
  // Their passwords were reissued, or their profiles changed.
  std::erase_if(left, [](std::int64_t number) { return number % 5 != 0 && number % 7 != 0; });
  EXPECT_EQ(response.kept_clients(), static_cast<std::int64_t>(left.size()));
  EXPECT_EQ(ClientsIn(database_path()), left);
}

// The check finds what is there to be found: rows that are deleted as one deletes
// rows are still in the log.
TEST_F(ErasureTest, ADeleteAloneLeavesMuch) {
  const auto few = [](std::int64_t number) { return number <= 1000; };
  ImportSome(v1::EXISTING_ACCOUNT_REPORT, few, [](std::int64_t, v1::ClientRow&) {});
  RawDatabase database(database_path());
  EXPECT_EQ(database.Change("DELETE FROM client"), 1000);
  EXPECT_EQ(ClientsIn(database_path()).size(), 1000u);
}

}  // namespace
}  // namespace provisioning
