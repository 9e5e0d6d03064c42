// SPDX-License-Identifier: Apache-2.0
// A caller who does not read results is not read from, and costs no memory.
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/provisiond_fixture.h"

namespace provisioning {
namespace {

using testing::Each;
using testing::ElementsAreArray;

constexpr int rows_per_message = 500;
constexpr std::int64_t rows_max = 500'000;
// No message is taken for so long: none will be.
constexpr absl::Duration blocked = absl::Seconds(3);
// The bound on one stream's rows is 32 MiB, their answers are as large again,
// and the sanitizers make both larger. 500,000 rows would be far beyond.
constexpr std::int64_t growth_bytes_max = std::int64_t{256} << 20;

class SlowReaderTest : public ProvisiondFixture {
 protected:
  // Otherwise the memory that the sanitizer keeps back hides what is freed.
  SlowReaderTest() { AddEnvironment("ASAN_OPTIONS=quarantine_size_mb=4"); }

  // Sends rows until the server takes no more. The last row that was sent,
  // taken or not.
  std::int64_t SendUntilBlocked(RawImportCall& call, const std::string& import_id) {
    call.Send(StartMessage(import_id));
    std::int64_t last = 0;
    bool taken = true;
    while (taken && last < rows_max) {
      taken = call.Send(RowsMessage(last + 1, last + rows_per_message), blocked);
      last += rows_per_message;
    }
    return last;
  }
};

TEST_F(SlowReaderTest, IsNotReadFrom) {
  Import({StartMessage(), RowsMessage(1, 4000), EndMessage()});
  const std::int64_t resident_before = server().resident_bytes();
  RawImportCall call(NewChannel(), {.reads = false, .deadline = absl::InfiniteDuration()});
  const std::int64_t last = SendUntilBlocked(call, NewImportId());
  EXPECT_LT(last, rows_max) << "the server read on";
  EXPECT_LT(server().resident_bytes() - resident_before, growth_bytes_max);

  // It works for others meanwhile.
  EXPECT_TRUE(Import({StartMessage(), EndMessage()})->Wait().ok());

  call.Read();
  EXPECT_TRUE(call.WaitForResults(last));
  EXPECT_TRUE(call.Send(EndMessage()));
  call.Close();
  EXPECT_TRUE(call.Wait().ok());
  EXPECT_THAT(NumbersOf(call.results()), ElementsAreArray(Counting(1, last)));
  EXPECT_LT(server().resident_bytes() - resident_before, growth_bytes_max);
}

// One who never reads at all, and goes.
TEST_F(SlowReaderTest, MayGoWithoutReading) {
  const std::string import_id = NewImportId();
  {
    RawImportCall call(NewChannel(), {.reads = false, .deadline = absl::InfiniteDuration()});
    EXPECT_LT(SendUntilBlocked(call, import_id), rows_max);
  }
  const auto resumed = Import({StartMessage(import_id), RowsMessage(1, 3), EndMessage()});
  EXPECT_TRUE(resumed->Wait().ok());
  EXPECT_GT(resumed->started()->settled_through_row(), 3);
  EXPECT_THAT(OutcomesOf(resumed->results()), Each(v1::ROW_OUTCOME_CREATED));
}

}  // namespace
}  // namespace provisioning
