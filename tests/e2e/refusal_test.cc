// SPDX-License-Identifier: Apache-2.0
// What provisiond does not start with: it says why, exits, and harms nothing.
#include <sqlite3.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/provisiond_fixture.h"
#include "tests/support/generic_call.h"

namespace provisioning {
namespace {

using testing::HasSubstr;

std::string ContentsOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void Execute(const std::string& path, const char* sql) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), SQLITE_OK);
  EXPECT_EQ(sqlite3_close(database), SQLITE_OK);
}

class RefusalTest : public ProvisiondFixture {
 protected:
  // Starts it with these arguments, which it must not take.
  void ExpectRefused(const std::vector<std::string>& arguments, const std::string& why,
                     int exit_code = 1) {
    const auto process = Run(arguments);
    EXPECT_EQ(process->WaitForAddress(), "");
    EXPECT_EQ(process->Wait(), exit_code);
    EXPECT_THAT(process->log(), HasSubstr(why));
  }
  std::vector<std::string> Serve(const std::string& listen, const std::string& store) const {
    return {"serve", "--listen", listen, "--store", store, "--insecure-loopback"};
  }
  std::string store() const { return "sqlite:" + database_path(); }
};

TEST_F(RefusalTest, SecondServerOnTheSameDatabase) {
  EXPECT_NE(address(), "");
  ExpectRefused(ServeArguments(), "another server is running on this database");
  EXPECT_TRUE(Import({StartMessage(), RowsMessage(1, 3), EndMessage()})->Wait().ok())
      << "the first one works on";
}

TEST_F(RefusalTest, DatabaseIsFreeAfterAKill) {
  EXPECT_NE(address(), "");
  server().Kill();
  Forget();
  EXPECT_NE(address(), "");
}

TEST_F(RefusalTest, PortInUse) {
  ExpectRefused(Serve(address(), store() + "2"), "somebody listens there already");
}

TEST_F(RefusalTest, AddressForAll) { ExpectRefused(Serve("0.0.0.0:0", store()), "loopback"); }

TEST_F(RefusalTest, AddressThatIsNone) { ExpectRefused(Serve("nonsense", store()), "HOST:PORT"); }

TEST_F(RefusalTest, PlaintextUnasked) {
  std::vector<std::string> arguments = ServeArguments();
  arguments.pop_back();
  ExpectRefused(arguments, "--insecure-loopback");
}

TEST_F(RefusalTest, StoreOfNoKind) {
  ExpectRefused(Serve("127.0.0.1:0", "mysql:x"), "must be sqlite:PATH");
}

TEST_F(RefusalTest, StoreInNoFolder) {
  ExpectRefused(Serve("127.0.0.1:0", "sqlite:/no/such/folder/x.db"), "No such file or directory");
}

TEST_F(RefusalTest, StoreThatIsAFolder) {
  ASSERT_EQ(mkdir(database_path().c_str(), 0700), 0);
  ExpectRefused(ServeArguments(), "not a file");
}

TEST_F(RefusalTest, FileThatIsNoDatabase) {
  const std::string text(5000, 'x');
  std::ofstream(database_path()) << text;
  ExpectRefused(ServeArguments(), "not a database");
  EXPECT_EQ(ContentsOf(database_path()), text);
}

TEST_F(RefusalTest, DatabaseOfAnotherProgram) {
  Execute(database_path(), "CREATE TABLE client (x); INSERT INTO client VALUES (1);");
  const std::string before = ContentsOf(database_path());
  ExpectRefused(ServeArguments(), "a database of another program");
  EXPECT_EQ(ContentsOf(database_path()), before);
}

TEST_F(RefusalTest, NewerSchema) {
  EXPECT_NE(address(), "");
  EXPECT_EQ(server().Terminate(), 0);
  Forget();
  Execute(database_path(), "PRAGMA user_version=1000;");
  const std::string before = ContentsOf(database_path());
  ExpectRefused(ServeArguments(), "schema version 1000");
  EXPECT_EQ(ContentsOf(database_path()), before);
}

TEST_F(RefusalTest, WeakerHashes) {
  std::vector<std::string> arguments = ServeArguments();
  arguments.insert(arguments.end(), {"--hash-cost", "m=8,t=1"});
  ExpectRefused(arguments, "OWASP", 2);
}

TEST_F(RefusalTest, NoCommand) { ExpectRefused({}, "subcommand", 2); }

// The tables of people are nobody else's to read.
TEST_F(RefusalTest, FilesAreTheOwnersOnly) {
  EXPECT_NE(address(), "");
  Import({StartMessage(), RowsMessage(1, 3), EndMessage()});
  for (const char* suffix : {"", "-wal", "-shm", ".lock"}) {
    struct stat file {};
    ASSERT_EQ(stat((database_path() + suffix).c_str(), &file), 0) << suffix;
    EXPECT_EQ(file.st_mode & 0777, 0600) << suffix;
  }
}

// And harms nobody: what gRPC makes for such a call is not ours to delete.
TEST_F(RefusalTest, AMethodThatNobodyHasIsUnimplemented) {
  for (int i = 0; i < 20; ++i) {
    const grpc::Status status =
        CallMethod(channel(), "/provisioning.v1.NoSuchService/NoSuchMethod", {""}).status;
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED) << status.error_message();
  }
  EXPECT_EQ(server().Terminate(), 0) << server().log();
}

}  // namespace
}  // namespace provisioning
