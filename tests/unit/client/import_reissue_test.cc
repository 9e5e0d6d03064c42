// SPDX-License-Identifier: Apache-2.0
// provision clients reissue --import, as scripts see it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/unit/client/provision_program.h"

namespace provisioning {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr int clients_per_page = 100;

std::string ClientId(int row) {
  const std::string digits = std::to_string(row);
  return "01a20d0f-b0a9-7e39-807c-" + std::string(12 - digits.size(), '0') + digits;
}
int RowOf(const std::string& client_id) { return std::stoi(client_id.substr(24)); }

class ImportReissueTest : public ProvisionProgram {
 protected:
  // Lists so many clients, newest first, page by page.
  void ListPeople(int count) {
    service_.list.Answer([count](const v1::ListClientsRequest& request, auto& response) {
      int row = request.page_token().empty() ? count : std::stoi(request.page_token());
      for (int i = 0; i < clients_per_page && row > 0; ++i, --row) {
        v1::Client& client = *response.add_clients();
        client.set_client_id(ClientId(row));
        client.set_row_number(1000 - row);  // Of another import, which made them.
        client.set_password_row_number(row);
        client.set_first_name("Ann");
        client.set_last_name("Ng" + std::to_string(row));
      }
      if (row > 0) response.set_next_page_token(std::to_string(row));
      return grpc::Status::OK;
    });
  }
  static grpc::Status Made(int row, v1::ReissueTemporaryPasswordResponse& response) {
    v1::RowResult& result = *response.mutable_result();
    result.set_row_number(row);
    result.set_outcome(v1::ROW_OUTCOME_REISSUED);
    result.set_email_address("p" + std::to_string(row) + "@x.example");
    result.set_temporary_password("MADE-" + std::to_string(row));
    return grpc::Status::OK;
  }
  void MakeAll() {
    service_.reissue.Answer([](const v1::ReissueTemporaryPasswordRequest& request, auto& response) {
      return Made(RowOf(request.client_id()), response);
    });
  }
  Ran Reissue(const std::string& more) {
    return Run("clients reissue --organization acme --import " + std::string(some_import_id) + " " +
               Connection() + " --results new.csv " + more);
  }
  // The row numbers in the results file, in its order.
  std::vector<int> ResultRows() {
    std::istringstream lines(ReadText(folder_.Path("new.csv")));
    std::vector<int> rows;
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) rows.push_back(std::stoi(line));
    return rows;
  }

  FakeAccountService& service_ = server_.account_service();
};

TEST_F(ImportReissueTest, WhoIsRefusedIsCountedAndNamed) {
  ListPeople(20);
  service_.reissue.Answer([](const v1::ReissueTemporaryPasswordRequest& request, auto& response) {
    const int row = RowOf(request.client_id());
    const grpc::Status status = Made(row, response);
    if (row % 10 != 0) return status;
    response.mutable_result()->set_outcome(v1::ROW_OUTCOME_REJECTED);
    response.mutable_result()->clear_temporary_password();
    return status;
  });
  const Ran ran = Reissue("--yes");
  EXPECT_EQ(ran.exit_code, 1) << ran.err;
  EXPECT_THAT(ran.err,
              AllOf(HasSubstr("18 clients have a new temporary password"),
                    HasSubstr("2 clients were refused new passwords"), HasSubstr("(rows 10, 20)")));
  EXPECT_EQ(ResultRows().size(), 20u);
}

TEST_F(ImportReissueTest, MakesThePasswordOfEveryClientAnewInRowOrder) {
  ListPeople(250);
  MakeAll();
  const Ran ran = Reissue("--yes --ttl 2d");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.err,
              AllOf(HasSubstr("250 clients"), HasSubstr("new.csv"), Not(HasSubstr("MADE-"))));
  const std::vector<int> rows = ResultRows();
  EXPECT_EQ(rows.size(), 250u);
  EXPECT_TRUE(std::ranges::is_sorted(rows));
  EXPECT_THAT(ReadText(folder_.Path("new.csv")),
              HasSubstr("\n7,REISSUED,p7@x.example,Ann,Ng7,MADE-7,"));
  EXPECT_EQ(service_.list.seen().at(0).password_import_id(), some_import_id);
  for (const auto& request : service_.reissue.seen()) {
    EXPECT_EQ(request.import_id(), some_import_id);
    EXPECT_EQ(request.temporary_password_ttl().seconds(), 2 * 86'400);
    EXPECT_FALSE(request.reset_active());
  }
}

// The first of those that are under way at once is answered last.
TEST_F(ImportReissueTest, HasManyCallsUnderWayAndKeepsTheOrder) {
  constexpr std::size_t together = 64;
  ListPeople(200);
  std::mutex mutex;
  std::condition_variable changed;
  std::size_t under_way = 0;
  std::size_t most = 0;
  std::size_t answered = 0;
  service_.reissue.Answer([&](const v1::ReissueTemporaryPasswordRequest& request, auto& response) {
    const int row = RowOf(request.client_id());
    std::unique_lock lock(mutex);
    most = std::max(most, ++under_way);
    changed.notify_all();
    const auto wait_for = [&](auto condition) {
      EXPECT_TRUE(changed.wait_for(lock, std::chrono::minutes(1), condition));
    };
    if (row <= static_cast<int>(together)) wait_for([&] { return most == together; });
    if (row == 1) wait_for([&] { return answered == together - 1; });
    --under_way;
    ++answered;
    changed.notify_all();
    return Made(row, response);
  });
  const Ran ran = Reissue("--yes --timeout 2m");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(most, together);
  EXPECT_EQ(ResultRows().size(), 200u);
  EXPECT_TRUE(std::ranges::is_sorted(ResultRows()));
}

TEST_F(ImportReissueTest, TellsOfThoseForWhomSomebodyWasFaster) {
  ListPeople(5);
  service_.reissue.Answer([](const v1::ReissueTemporaryPasswordRequest& request, auto& response) {
    switch (const int row = RowOf(request.client_id())) {
      case 1:
        return ErrorStatus(grpc::StatusCode::FAILED_PRECONDITION, "PASSWORD_REPLACED");
      case 3:
        return ErrorStatus(grpc::StatusCode::FAILED_PRECONDITION, "CLIENT_ACTIVE");
      case 4:
        return ErrorStatus(grpc::StatusCode::NOT_FOUND, "CLIENT_NOT_FOUND");
      default:
        return Made(row, response);
    }
  });
  const Ran ran = Reissue("--yes");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ResultRows(), (std::vector<int>{2, 5}));
  EXPECT_THAT(
      ran.err,
      AllOf(HasSubstr("2 clients have a new temporary password"),
            HasSubstr("1 client got another temporary password meanwhile, and keeps it (row 1)"),
            HasSubstr("1 client has set a password meanwhile, and keeps it (row 3)"),
            HasSubstr("1 client was erased meanwhile (row 4)")));
}

TEST_F(ImportReissueTest, AsksAgainWhatGotNoAnswer) {
  ListPeople(150);
  std::mutex mutex;
  std::set<int> lost;
  service_.reissue.Answer([&](const v1::ReissueTemporaryPasswordRequest& request, auto& response) {
    const int row = RowOf(request.client_id());
    const std::lock_guard lock(mutex);
    if (row % 50 == 0 && lost.insert(row).second) {
      return ErrorStatus(grpc::StatusCode::UNAVAILABLE, "DRAINING", -1, 1);
    }
    return Made(row, response);
  });
  const Ran ran = Reissue("--yes");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ResultRows().size(), 150u);
  EXPECT_TRUE(std::ranges::is_sorted(ResultRows()));
  EXPECT_THAT(ran.err, AllOf(HasSubstr("Lost the connection"), HasSubstr("Connected again")));
}

// A call whose answer was lost is done after the one that was made in its place.
TEST_F(ImportReissueTest, SaysWhichPasswordsALateCallHasMadeVoid) {
  ListPeople(3);
  std::mutex mutex;
  std::set<int> lost;
  service_.reissue.Answer([&](const v1::ReissueTemporaryPasswordRequest& request, auto& response) {
    const int row = RowOf(request.client_id());
    const std::lock_guard lock(mutex);
    if (row > 1 && lost.insert(row).second) {
      return grpc::Status(grpc::StatusCode::UNAVAILABLE, "connection reset");
    }
    response.mutable_result()->mutable_password_expires_at()->set_seconds(1'000);
    return Made(row, response);
  });
  service_.get.Answer([](const v1::GetClientRequest& request, v1::GetClientResponse& response) {
    auto& time = *response.mutable_client()->mutable_temporary_password_expires_at();
    time.set_seconds(1'000);
    time.set_nanos(RowOf(request.client_id()) == 3 ? 1 : 0);
    return grpc::Status::OK;
  });
  const Ran ran = Reissue("--yes");
  EXPECT_EQ(ran.exit_code, 6);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("may be void: rows 3."), HasSubstr("new-2.csv")));
  EXPECT_EQ(service_.get.seen().size(), 2u) << "only those that were asked about twice";
}

TEST_F(ImportReissueTest, KeepsWhatItHasWhenItIsBrokenOff) {
  ListPeople(150);
  service_.reissue.Answer([&](const v1::ReissueTemporaryPasswordRequest& request, auto& response) {
    const int row = RowOf(request.client_id());
    if (row == 100) return ErrorStatus(grpc::StatusCode::UNAVAILABLE, "DRAINING");
    return Made(row, response);
  });
  const Ran ran = Reissue("--yes --reconnect-timeout 1s");
  EXPECT_EQ(ran.exit_code, 6);
  const std::vector<int> rows = ResultRows();
  EXPECT_GE(rows.size(), 99u);
  EXPECT_TRUE(std::ranges::is_sorted(rows));
  EXPECT_EQ(std::ranges::count(rows, 100), 0);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("of 150 got new passwords, in new.csv"),
                             HasSubstr("--results new-2.csv")));
}

TEST_F(ImportReissueTest, LeavesNoEmptyFileBehind) {
  ListPeople(3);
  service_.reissue.Answer([](const auto&, auto&) {
    return grpc::Status(grpc::StatusCode::PERMISSION_DENIED, "not for you");
  });
  const Ran ran = Reissue("--yes");
  EXPECT_EQ(ran.exit_code, 5);
  EXPECT_FALSE(Exists("new.csv"));
  EXPECT_THAT(ran.err, HasSubstr("not for you"));
}

TEST_F(ImportReissueTest, DoesNothingWithoutAWord) {
  ListPeople(3);
  MakeAll();
  const Ran ran = Reissue("");
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("3 clients have not used"), HasSubstr("--yes")));
  EXPECT_FALSE(Exists("new.csv"));
  EXPECT_TRUE(service_.reissue.seen().empty());
}

TEST_F(ImportReissueTest, EndsWhenNobodyIsLeft) {
  ListPeople(0);
  server_.SetImport(v1::Import());
  const Ran ran = Reissue("");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.err, HasSubstr("No client has a temporary password from this import"));
  EXPECT_FALSE(Exists("new.csv"));
}

TEST_F(ImportReissueTest, OverwritesNothing) {
  folder_.Write("new.csv", "mine\n");
  EXPECT_EQ(Reissue("--yes").exit_code, 2);
  EXPECT_EQ(ReadText(folder_.Path("new.csv")), "mine\n");
  EXPECT_TRUE(service_.list.seen().empty());
}

TEST_F(ImportReissueTest, IsAboutTheWholeImport) {
  for (const std::string& more :
       {std::string("a@x.example"), std::string("--email a@x.example"),
        std::string("--reset-active"), std::string("--passwords-file p")}) {
    EXPECT_EQ(Reissue("--yes " + more).exit_code, 2) << more;
  }
  EXPECT_TRUE(service_.list.seen().empty());
}

}  // namespace
}  // namespace provisioning
