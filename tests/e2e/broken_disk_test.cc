// SPDX-License-Identifier: Apache-2.0
// A disk whose syncs fail: what was not answered may or may not be there, so the
// server says nothing of it and goes.
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/provisiond_fixture.h"

namespace provisioning {
namespace {

using testing::Each;
using testing::ElementsAreArray;
using testing::HasSubstr;

class BrokenDiskTest : public ProvisiondFixture {
 protected:
  BrokenDiskTest() {
    AddEnvironment("LD_PRELOAD=" FAILING_SYNC_LIBRARY);
    AddEnvironment(absl::StrCat("FAILING_SYNC_WHEN=", flag()));
    // The sanitizer wants to be loaded first, and need not be.
    AddEnvironment("ASAN_OPTIONS=verify_asan_link_order=0");
  }

  std::string flag() const { return database_path() + ".broken"; }
  void Break() { std::ofstream(flag()) << "broken"; }
  void Mend() { std::remove(flag().c_str()); }
};

TEST_F(BrokenDiskTest, ServerGoesAndTheImportIsResumed) {
  const std::string import_id = NewImportId();
  RawImportCall call(channel());
  call.Send(StartMessage(import_id));
  call.Send(RowsMessage(1, 500));
  ASSERT_TRUE(call.WaitForResults(500));
  Break();
  call.Send(RowsMessage(501, 1000));
  const RpcError error = ReadRpcError(call.Wait());
  EXPECT_EQ(error.code, grpc::StatusCode::UNAVAILABLE) << error;
  EXPECT_TRUE(error.has_retry_info) << error;
  EXPECT_EQ(error.settled_through_row(), 500) << error;
  const auto first = call.results();
  EXPECT_THAT(NumbersOf(first), ElementsAreArray(Counting(1, 500))) << "nothing of the others";
  EXPECT_EQ(server().Wait(), 1) << "it went by itself";
  EXPECT_THAT(server().log(), HasSubstr("the store broke down"));

  Mend();
  Forget();
  const auto resumed = Import({StartMessage(import_id), RowsMessage(1, 1000), EndMessage()});
  EXPECT_TRUE(resumed->Wait().ok()) << ReadRpcError(resumed->Wait());
  const auto results = resumed->results();
  EXPECT_THAT(NumbersOf(results), ElementsAreArray(Counting(1, 1000)));
  EXPECT_THAT(OutcomesOf(results), Each(v1::ROW_OUTCOME_CREATED));
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(results[i].client_id(), first[i].client_id());
  }
  EXPECT_EQ(GetImport(import_id).rows().created(), 1000);
}

TEST_F(BrokenDiskTest, ServerDoesNotStartOnIt) {
  Break();
  const auto process = Run(ServeArguments());
  EXPECT_EQ(process->WaitForAddress(), "");
  EXPECT_EQ(process->Wait(), 1);
  EXPECT_THAT(process->log(), HasSubstr("cannot serve"));
}

}  // namespace
}  // namespace provisioning
