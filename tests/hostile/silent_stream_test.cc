// SPDX-License-Identifier: Apache-2.0
// Streams over which nothing comes, of callers who are alive.
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/provisiond_fixture.h"

namespace provisioning {
namespace {

using testing::HasSubstr;

class SilentStreamTest : public ProvisiondFixture {
 protected:
  void ServeWithTimeout(const std::string& seconds) {
    SetServeCommand(
        {PROVISIOND_PROGRAM, "serve", "--insecure-loopback", "--stream-idle-timeout", seconds});
  }
};

TEST_F(SilentStreamTest, EndsAndIsResumed) {
  ServeWithTimeout("1");
  const std::string import_id = NewImportId();
  RawImportCall call(channel());
  call.Send(StartMessage(import_id));
  call.Send(RowsMessage(1, 10));
  const RpcError error = ReadRpcError(call.Wait());
  EXPECT_EQ(error.Name(), "UNAVAILABLE STREAM_IDLE") << error;
  EXPECT_EQ(error.settled_through_row(), 10);
  EXPECT_TRUE(error.has_retry_info);
  EXPECT_EQ(call.results().size(), 10);
  const auto resumed = Import({StartMessage(import_id), RowsMessage(11, 12), EndMessage()});
  EXPECT_TRUE(resumed->Wait().ok());
  EXPECT_EQ(GetImport(import_id).rows().created(), 12);
}

TEST_F(SilentStreamTest, WithoutAnyMessageItEnds) {
  ServeWithTimeout("1");
  RawImportCall call(channel());
  EXPECT_EQ(ReadRpcError(call.Wait()).Name(), "UNAVAILABLE STREAM_IDLE");
}

// Whoever takes no byte takes no status either: such streams are cut.
TEST_F(SilentStreamTest, OneThatTakesNoByteIsCut) {
  ServeWithTimeout("1");
  ServerProcess attacker({HOSTILE_PEER_PROGRAM, "zero-window", address(), "--count", "50"});
  EXPECT_EQ(attacker.Wait(), 0);
  EXPECT_THAT(attacker.log(), HasSubstr("sent=50 reset=50"));
}

TEST_F(SilentStreamTest, WithoutATimeoutItStays) {
  ServeWithTimeout("0");
  ServerProcess attacker({HOSTILE_PEER_PROGRAM, "zero-window", address(), "--count", "5"});
  EXPECT_EQ(attacker.Wait(), 0);
  EXPECT_THAT(attacker.log(), HasSubstr("sent=5 reset=0")) << "the check above sees nothing";
}

}  // namespace
}  // namespace provisioning
