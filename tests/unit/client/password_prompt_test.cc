// SPDX-License-Identifier: Apache-2.0
// Passwords as a person types them at a terminal.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/support/terminal_process.h"
#include "tests/unit/client/fake_provisioning_server.h"

namespace provisioning {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class PasswordPromptTest : public testing::Test {
 protected:
  void SetUp() override {
    service_.activate.Answer([](const auto&, v1::ActivateClientResponse& response) {
      response.set_outcome(v1::ACTIVATE_CLIENT_OUTCOME_ACTIVATED);
      return grpc::Status::OK;
    });
  }
  std::string Activate() const {
    return std::string(PROVISION_PROGRAM) +
           " clients activate --organization acme --email a@x.example --plaintext --server " +
           server_.address();
  }
  // What a shell at the terminal makes of it; it says what became of the terminal.
  std::unique_ptr<TerminalProcess> InShell(const std::string& command) {
    return std::make_unique<TerminalProcess>(
        std::vector<std::string>{"/bin/bash", "-c",
                                 command + "; echo \"exit $?\"; stty -a | grep -o '.echo '"},
        std::vector<std::string>{"TERM=xterm"}, 100);
  }

  FakeProvisioningServer server_;
  FakeAccountService& service_ = server_.account_service();
};

TEST_F(PasswordPromptTest, ShowsNothingOfWhatIsTyped) {
  const auto terminal = InShell(Activate());
  ASSERT_TRUE(terminal->WaitFor("Temporary password of a@x.example: ")) << terminal->output();
  terminal->Type("made one\r");
  ASSERT_TRUE(terminal->WaitFor("New password of a@x.example: "));
  terminal->Type("correct horse \r");
  ASSERT_TRUE(terminal->WaitFor("The same again: "));
  terminal->Type("correct horse \r");
  ASSERT_TRUE(terminal->WaitFor("exit 0")) << terminal->output();
  ASSERT_TRUE(terminal->WaitFor(" echo ")) << terminal->output();
  terminal->Wait();
  EXPECT_THAT(terminal->output(), AllOf(Not(HasSubstr("made one")), Not(HasSubstr("correct"))));
  const v1::ActivateClientRequest request = service_.activate.seen().at(0);
  EXPECT_EQ(request.temporary_password(), "made one");
  EXPECT_EQ(request.new_password(), "correct horse ");
}

TEST_F(PasswordPromptTest, AsksAnewWhenTheTwoDiffer) {
  const auto terminal = InShell(Activate());
  ASSERT_TRUE(terminal->WaitFor("Temporary password"));
  terminal->Type("made one\r");
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(terminal->WaitFor("New password")) << terminal->output();
    terminal->Type("correct horse\r");
    ASSERT_TRUE(terminal->WaitFor("The same again: "));
    terminal->Type("correct house\r");
    ASSERT_TRUE(terminal->WaitFor("two different"));
  }
  EXPECT_TRUE(terminal->WaitFor("exit 2")) << terminal->output();
  EXPECT_TRUE(service_.activate.seen().empty());
}

class StoppedPromptTest : public PasswordPromptTest,
                          public testing::WithParamInterface<const char*> {};

// Ctrl-C, and the key that quits.
TEST_P(StoppedPromptTest, LeavesTheTerminalAsItWas) {
  const auto terminal = InShell("trap '' INT QUIT; (trap - INT QUIT; exec " + Activate() + ")");
  ASSERT_TRUE(terminal->WaitFor("Temporary password"));
  terminal->Type("made o");
  terminal->Type(GetParam());
  EXPECT_TRUE(terminal->WaitFor("Stopped. Nothing was sent.")) << terminal->output();
  EXPECT_TRUE(terminal->WaitFor("exit 130")) << terminal->output();
  EXPECT_TRUE(terminal->WaitFor(" echo ")) << terminal->output();
  EXPECT_THAT(terminal->output(), Not(HasSubstr("made o")));
  EXPECT_TRUE(service_.activate.seen().empty());
}

INSTANTIATE_TEST_SUITE_P(Keys, StoppedPromptTest, testing::Values("\x03", "\x1C"));

// A shell with job control stops and continues it.
TEST_F(PasswordPromptTest, IsHiddenAgainAfterCtrlZ) {
  TerminalProcess terminal({"/bin/bash", "--norc", "--noprofile", "-i"},
                           {"TERM=xterm", "PS1=ready$ "}, 100);
  ASSERT_TRUE(terminal.WaitFor("ready$ ")) << terminal.output();
  terminal.Type(Activate() + "\r");
  ASSERT_TRUE(terminal.WaitFor("Temporary password of a@x.example: ")) << terminal.output();
  terminal.Type("\x1A");
  ASSERT_TRUE(terminal.WaitFor("Stopped")) << terminal.output();
  ASSERT_TRUE(terminal.WaitFor("ready$ "));
  terminal.Type("stty -a | grep -o '.echo '; fg\r");
  ASSERT_TRUE(terminal.WaitFor(" echo ")) << terminal.output();
  ASSERT_TRUE(terminal.WaitFor("Temporary password of a@x.example: ")) << terminal.output();
  terminal.Type("made one\r");
  ASSERT_TRUE(terminal.WaitFor("New password"));
  EXPECT_THAT(terminal.output(), Not(HasSubstr("made one")));
  terminal.Type("\x03");
  ASSERT_TRUE(terminal.WaitFor("Nothing was sent."));
  ASSERT_TRUE(terminal.WaitFor("ready$ "));
  terminal.Type("exit 0\r");
  EXPECT_TRUE(terminal.Wait().has_value());
}

TEST_F(PasswordPromptTest, AnEndOfInputIsNoPassword) {
  const auto terminal = InShell(Activate());
  ASSERT_TRUE(terminal->WaitFor("Temporary password"));
  terminal->Type("\x04");
  EXPECT_TRUE(terminal->WaitFor("no password was typed")) << terminal->output();
  EXPECT_TRUE(terminal->WaitFor("exit 2"));
}

TEST_F(PasswordPromptTest, IsNotShownWhereNothingMayBeAsked) {
  const auto terminal = InShell(Activate() + " --no-input");
  EXPECT_TRUE(terminal->WaitFor("--passwords-file")) << terminal->output();
  EXPECT_TRUE(terminal->WaitFor("exit 2"));
}

}  // namespace
}  // namespace provisioning
