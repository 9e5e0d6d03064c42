// SPDX-License-Identifier: Apache-2.0
// From a bad spreadsheet to all of its clients, as its owner would do it: check,
// import what is good, mend the rest by what the problems file says, import that.
//
//   SEED=n of the order of the rows

#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/credential/credential_factory.h"
#include "service/model/secret_string.h"
#include "tests/e2e/provision_fixture.h"
#include "tests/support/raw_database.h"

namespace provisioning {
namespace {

constexpr int row_count = 1000;
constexpr int bad_rows_of_a_kind = 20;
// As a spreadsheet writes them where the comma is in numbers.
constexpr char header[] =
    "\xEF\xBB\xBF"
    "email_address;initial_password;first_name;last_name;birthdate;gender\r\n";

// The cells of a record as they stand in the file, and the client that has to
// come of it in the end.
struct Person {
  std::vector<std::string> cells;
  std::string email_address;
  std::string password;
  std::string first_name = "Zoë";
  std::string last_name = "O'Hara; jr.";

  std::string Record() const { return absl::StrJoin(cells, ";") + "\r\n"; }
};

std::string Number(int n) { return std::to_string(n); }

// Passwords that a careless program would run, trim, unquote or cut.
std::string PasswordOf(int n) {
  constexpr std::string_view beginnings[] = {"=1+1 ",   "+49 30 ", "-minus ", "@at ",   "'quote ",
                                             "\"dq\" ", "semi;",   "comma, ", " space "};
  return std::string(beginnings[n % std::size(beginnings)]) + "secret " + Number(n);
}

std::string Quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

Person GoodPerson(int n) {
  Person person;
  person.email_address = "+client" + Number(n) + "@practice.example";
  person.password = PasswordOf(n);
  person.cells = {person.email_address,
                  Quoted(person.password),
                  "Zoë",
                  Quoted(person.last_name),
                  "19810203",
                  "F"};
  return person;
}

// Each kind is one way to be wrong, and what it is mended to.
using Spoil = void (*)(int n, Person& person);
constexpr Spoil kinds[] = {
    [](int n, Person& person) { person.cells[0] = "+Client" + Number(n) + "@Practice.example"; },
    [](int n, Person& person) {
      person.cells[1] = "=" + Number(n);
      person.password = "=" + Number(n) + "-made-longer";
    },
    [](int, Person& person) {
      person.cells[2] = "";
      person.first_name = "Unknown";
    },
    [](int, Person& person) {
      person.cells[3] = "\"of two\r\nlines\"";
      person.last_name = "of two lines";
    },
    [](int, Person& person) { person.cells[4] = "20.11.1981"; },
    [](int, Person& person) {
      person.cells[4] = "19810230";
      person.cells[5] = "male";
    },
    [](int, Person& person) {
      person.cells[4] = "29910";
      person.cells[5] = "X";
    },
    [](int, Person& person) {
      person.cells.insert(person.cells.end(), {"", "a note"});
    },
    [](int n, Person& person) {
      person.cells[1] = person.password = "plain secret " + Number(n);
      person.cells[3] = "\"Nick\"name";
      person.last_name = "Nickname";
    },
    [](int n, Person& person) {
      person.cells[1] = person.password = "plain secret " + Number(n);
      person.cells[3] = "\"Never closed";
      person.last_name = "Never closed";
    },
};
constexpr int bad_count = bad_rows_of_a_kind * static_cast<int>(std::size(kinds));

class RoundTripTest : public ProvisionFixture {
 protected:
  RoundTripTest() {
    const char* given = std::getenv("SEED");
    const auto seed = given != nullptr ? std::strtoul(given, nullptr, 10) : std::random_device()();
    printf("SEED=%lu\n", static_cast<unsigned long>(seed));
    for (int n = 0; n < row_count; ++n) {
      people_.push_back(GoodPerson(n));
      if (n < bad_count) kinds[n % static_cast<int>(std::size(kinds))](n, people_.back());
    }
    std::vector<int> order(row_count);
    for (int n = 0; n < row_count; ++n) order[static_cast<std::size_t>(n)] = n;
    std::mt19937_64 random(seed);
    std::ranges::shuffle(order, random);
    std::string source = header;
    rejects_ = header;
    for (const int n : order) {
      const std::string record = people_[static_cast<std::size_t>(n)].Record();
      source += record;
      if (n < bad_count) rejects_ += record;
    }
    WriteFile(file_, source);
  }

  void ExpectEveryClientOnce() {
    RawDatabase database(database_path_);
    std::map<std::string, std::vector<std::string>> clients;
    for (const std::string& line : database.Read(
             "SELECT email_address, first_name, last_name, rtrim(credential) FROM client")) {
      std::vector<std::string> cells = absl::StrSplit(line, '|');
      EXPECT_TRUE(clients.emplace(cells[0], cells).second) << cells[0] << " is there twice";
    }
    EXPECT_EQ(clients.size(), people_.size());
    for (std::size_t n = 0; n < people_.size(); ++n) {
      const Person& person = people_[n];
      const auto& client = clients[person.email_address];
      ASSERT_EQ(client.size(), 4U) << person.email_address;
      EXPECT_EQ(client[1], person.first_name);
      EXPECT_EQ(client[2], person.last_name);
      // A verification takes its time: each way to be wrong, and as many good ones.
      if (n >= std::size(kinds) && n % 100 != 0) continue;
      EXPECT_TRUE(VerifyCredential(client[3], SecretString(person.password)))
          << "the password of " << person.email_address;
    }
  }

  const std::string file_ = folder_.File("clients.csv");
  std::vector<Person> people_;
  std::string rejects_;
};

TEST_F(RoundTripTest, EveryClientIsThereOnce) {
  StartServer();
  const Ran check = Run({"validate", file_, "--organization", "practice"});
  EXPECT_EQ(check.exit_code, 1) << check.log;
  EXPECT_THAT(check.log, testing::HasSubstr("200  rejected")) << check.log;
  EXPECT_THAT(check.log, testing::HasSubstr("800  valid")) << check.log;

  const Ran import = Import(file_, {"--skip-rejected"});
  EXPECT_EQ(import.exit_code, 1) << import.log;
  EXPECT_THAT(import.log, testing::HasSubstr("800  created")) << import.log;
  EXPECT_EQ(ReadFile(file_ + ".rejects.csv"), rejects_) << "not byte for byte";

  const std::string mended = folder_.File("mended.csv");
  const std::string mend = "python3 " MEND_REJECTS_SCRIPT " " + file_ + ".problems.csv " + file_ +
                           ".rejects.csv " + mended;
  ASSERT_EQ(std::system(mend.c_str()), 0);
  const Ran rest = Import(mended);
  EXPECT_EQ(rest.exit_code, 0) << rest.log;
  EXPECT_THAT(rest.log, testing::HasSubstr("200  created")) << rest.log;
  ExpectEveryClientOnce();
}

}  // namespace
}  // namespace provisioning
