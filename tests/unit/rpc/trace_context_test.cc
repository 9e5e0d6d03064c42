// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/trace_context.h"

#include <set>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace provisioning {
namespace {

using testing::MatchesRegex;

constexpr char trace_id[] = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr char parent_id[] = "00f067aa0ba902b7";
const std::string sound = std::string("00-") + trace_id + "-" + parent_id + "-01";

class SoundTest : public testing::TestWithParam<std::string> {};

TEST_P(SoundTest, IsContinued) {
  const TraceContext context = ContinueTrace(GetParam());
  EXPECT_EQ(context.trace_id, trace_id);
  EXPECT_EQ(context.parent_span_id, parent_id);
  EXPECT_THAT(context.span_id, MatchesRegex("[0-9a-f]{16}"));
  EXPECT_NE(context.span_id, parent_id);
}

INSTANTIATE_TEST_SUITE_P(All, SoundTest,
                         testing::Values(sound, sound.substr(0, 53) + "00",
                                         sound.substr(0, 53) + "ff",
                                         // Of a version to come, with more behind.
                                         "01" + sound.substr(2),
                                         "cc" + sound.substr(2) + "-what-the-future-brings",
                                         "fe" + sound.substr(2) + "-"));

class DamagedTest : public testing::TestWithParam<std::string> {};

TEST_P(DamagedTest, BeginsANewTrace) {
  const TraceContext context = ContinueTrace(GetParam());
  EXPECT_THAT(context.trace_id, MatchesRegex("[0-9a-f]{32}"));
  EXPECT_NE(context.trace_id, trace_id);
  EXPECT_THAT(context.span_id, MatchesRegex("[0-9a-f]{16}"));
  EXPECT_EQ(context.parent_span_id, "");
}

std::string With(std::size_t at, const std::string& text) {
  std::string damaged = sound;
  return damaged.replace(at, text.size(), text);
}

INSTANTIATE_TEST_SUITE_P(
    All, DamagedTest,
    testing::Values("", "00", "-", sound.substr(0, 54), sound + "-", sound + "-01", sound + "0",
                    " " + sound, sound + " ", With(0, "ff"), With(0, "0G"), With(0, "0A"),
                    With(2, "_"), With(35, "_"), With(52, "_"), With(3, "F"), With(3, "g"),
                    With(3, std::string(1, '\0')), With(3, std::string(32, '0')), With(36, "F"),
                    With(36, std::string(16, '0')), With(53, "0A"), With(53, "0g"),
                    "cc" + sound.substr(2) + "x", "ff" + sound.substr(2) + "-more",
                    std::string(55, '-'), std::string(100'000, '0')));

TEST(TraceContextTest, NoHeaderBeginsANewTrace) {
  std::set<std::string> ids;
  for (int i = 0; i < 100; ++i) {
    const TraceContext context = ContinueTrace(std::nullopt);
    EXPECT_EQ(context.parent_span_id, "");
    ids.insert(context.trace_id);
    ids.insert(context.span_id);
  }
  EXPECT_EQ(ids.size(), 200);
}

TEST(RequestIdTest, IsWhatCanStandAnywhere) {
  for (const char* text : {"a", "ticket-17", "A_b.c-9", "0123456789abcdef"}) {
    EXPECT_TRUE(IsRequestId(text)) << text;
  }
  EXPECT_TRUE(IsRequestId(std::string(64, 'x')));
  for (const std::string& text :
       {std::string(), std::string(65, 'x'), std::string("a b"), std::string("a\nb"),
        std::string("a\"b"), std::string("a=b"), std::string("\xc3\xa9"), std::string("a\0b", 3),
        std::string("a{}")}) {
    EXPECT_FALSE(IsRequestId(text)) << text;
  }
  EXPECT_TRUE(IsRequestId(NewRequestId()));
  EXPECT_NE(NewRequestId(), NewRequestId());
}

}  // namespace
}  // namespace provisioning
