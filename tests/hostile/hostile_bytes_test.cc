// SPDX-License-Identifier: Apache-2.0
// Attacks on a server from raw sockets, while a healthy caller imports. No crash, no
// hang, no call of the healthy caller fails; how long its calls took, and what the
// attack cost in memory, is printed as a table.
//
//   COUNT=n  times as many of everything (default 1). In release and from 2 on a p99
//            of more than 5 times the one before is a failure.
//   SEED=n   of the random attack
//   ATTACK=name  only this one

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/numbers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/provisiond_fixture.h"
#include "tests/hostile/attack.h"
#include "tests/hostile/healthy_caller.h"
#include "tests/support/listener_addresses.h"
#include "tests/support/process_status.h"
#include "tests/support/random_seed.h"

namespace provisioning {
namespace {

using testing::IsEmpty;

constexpr double mebibyte = 1 << 20;
constexpr std::int64_t calls_alone = 100;
// 20,000 calls at a time have some 25 KiB each, and the heap keeps them for the next.
// Sanitizers make every byte dear.
#if defined(__SANITIZE_ADDRESS__)
constexpr double growth_mebibytes_max = 4096;
#else
constexpr double growth_mebibytes_max = 1024;
#endif
// gRPC 1.51 goes over a header anew with each piece of it that comes: seconds, and on a
// heap that is watched minutes.
#if defined(__SANITIZE_ADDRESS__)
constexpr std::string_view left_out = "giant-header";
#else
constexpr std::string_view left_out = "";
#endif
// On a machine that others use, only the long version is held to it.
constexpr double p99_ratio_max = 5;

std::int64_t Times() {
  const char* const count = std::getenv("COUNT");
  return count == nullptr ? 1 : std::max(1, std::atoi(count));
}

bool IsHeldToTheRatio() {
#if !defined(__SANITIZE_ADDRESS__)
  return Times() > 1;
#else
  return false;
#endif
}

// Of NAME=NUMBER in what an attack said; -1: it said no such thing.
std::int64_t NumberIn(const std::string& report, const std::string& name) {
  const std::size_t at = report.find(" " + name + "=");
  if (at == std::string::npos) return -1;
  std::int64_t number = -1;
  const std::size_t begin = at + name.size() + 2;
  const std::size_t end = report.find_first_of(" \n", begin);
  (void)absl::SimpleAtoi(report.substr(begin, end - begin), &number);
  return number;
}

std::string Milliseconds(const CallTimes& calls) {
  char text[64];
  std::snprintf(text, sizeof(text), "%6.1f %7.1f", absl::ToDoubleMilliseconds(calls.Percentile(50)),
                absl::ToDoubleMilliseconds(calls.Percentile(99)));
  return text;
}

class HostileBytesTest : public ProvisiondFixture {
 protected:
  HostileBytesTest() { AddEnvironment("ASAN_OPTIONS=quarantine_size_mb=4"); }

  struct Seen {
    CallTimes before, during, after;
    double mebibytes_before = 0;
    double mebibytes_most = 0;
    double mebibytes_after = 0;
    std::string report;
  };

  double Mebibytes() {
    return static_cast<double>(ReadProcessStatus(server().id()).resident_bytes) / mebibyte;
  }
  // Runs an attack while the caller goes on.
  Seen SeenDuring(const Attack& attack, std::uint64_t seed) {
    Seen seen;
    HealthyCaller caller([this] { return NewChannel(); }, "healthy-" + std::string(attack.name));
    caller.WaitForCalls(calls_alone / 10);
    (void)caller.Take();  // Of a cold start.
    caller.WaitForCalls(calls_alone);
    seen.before = caller.Take();
    seen.mebibytes_before = Mebibytes();
    ServerProcess attacker({HOSTILE_PEER_PROGRAM, std::string(attack.name), address(), "--count",
                            std::to_string(attack.count * Times()), "--seed",
                            std::to_string(seed)});
    while (!attacker.Wait(absl::Milliseconds(20))) {
      seen.mebibytes_most = std::max(seen.mebibytes_most, Mebibytes());
    }
    caller.WaitForCalls(2);  // Also those that had begun.
    seen.during = caller.Take();
    EXPECT_EQ(attacker.Wait(), 0) << attacker.log();
    seen.report = attacker.log();
    caller.WaitForCalls(calls_alone);
    seen.after = caller.Take();
    seen.mebibytes_after = Mebibytes();
    return seen;
  }

  void ExpectHealthy(const Seen& seen) {
    EXPECT_EQ(server().Wait(absl::ZeroDuration()), std::nullopt) << "it has ended";
    for (const CallTimes* calls : {&seen.before, &seen.during, &seen.after}) {
      EXPECT_THAT(calls->failures, IsEmpty());
    }
    EXPECT_LE(seen.mebibytes_most - seen.mebibytes_before, growth_mebibytes_max);
    if (IsHeldToTheRatio()) {
      EXPECT_LE(seen.during.Percentile(99) / seen.before.Percentile(99), p99_ratio_max);
    }
  }

  // What limits and timeouts leave of an attack.
  static void ExpectStopped(std::string_view name, const std::string& report) {
    if (name == "stream-flood") {
      EXPECT_EQ(NumberIn(report, "still_answered"), 0) << "no limit of streams";
    } else if (name == "many-headers") {
      EXPECT_EQ(NumberIn(report, "closed"), 1) << "no limit of headers";
    } else if (name == "slow-handshake") {
      EXPECT_EQ(NumberIn(report, "open"), 0) << "no time limit";
    }
  }

  static void PrintHead() {
    std::printf("%-18s %-15s %-21s %-15s %s\n", "", "alone, ms", "during, ms", "after, ms",
                "RSS, MiB");
    std::printf("%-18s %6s %8s %6s %7s %6s %6s %8s %6s %5s %5s\n", "attack", "p50", "p99", "p50",
                "p99", "calls", "p50", "p99", "before", "most", "after");
  }
  static void Print(const Attack& attack, const Seen& seen) {
    std::printf("%-18s %s  %s %6zu %s  %6.0f %5.0f %5.0f   %s", std::string(attack.name).c_str(),
                Milliseconds(seen.before).c_str(), Milliseconds(seen.during).c_str(),
                seen.during.times.size(), Milliseconds(seen.after).c_str(), seen.mebibytes_before,
                seen.mebibytes_most, seen.mebibytes_after, seen.report.c_str());
  }
};

TEST_F(HostileBytesTest, NoAttackHurtsOthers) {
  const std::uint64_t seed = RandomSeed();
  const char* const only = std::getenv("ATTACK");
  PrintHead();
  int count = 0;
  for (const Attack& attack : Attacks()) {
    if (only != nullptr && attack.name != only) continue;
    if (attack.name == left_out) {
      std::printf("%s is left out here: build/release/bin/hostile_bytes_test\n",
                  std::string(attack.name).c_str());
      continue;
    }
    SCOPED_TRACE(attack.name);
    const Seen seen = SeenDuring(attack, seed);
    Print(attack, seen);
    ExpectHealthy(seen);
    ++count;
    ExpectStopped(attack.name, seen.report);
  }
  EXPECT_GT(count, 0) << "ATTACK names none";
}

// Of a call's headers that never end gRPC 1.51 keeps all, if no frame of them is too
// large. Anybody reaches the port for probes, so what a connection may send there is
// bounded; what is sent to the port for callers, who have certificates, is not.
TEST_F(HostileBytesTest, EndlessHeadersAreCutOnTheProbesPort) {
  AddServeFlags({"--health-listen", "127.0.0.1:0"});
  const std::string probes = (address(), HealthAddressIn(server().log()));
  const auto growth = [this](const std::string& target, const char* mebibytes) {
    const double before = Mebibytes();
    double most = before;
    ServerProcess attacker(
        {HOSTILE_PEER_PROGRAM, "continuation-flood", target, "--count", mebibytes});
    while (!attacker.Wait(absl::Milliseconds(5))) most = std::max(most, Mebibytes());
    std::printf("%s RSS grew by %.0f MiB: %s", mebibytes, most - before, attacker.log().c_str());
    EXPECT_EQ(NumberIn(attacker.log(), "closed"), target == address() ? 0 : 1);
    return most - before;
  };
  (void)growth(probes, "64");  // What grows once.
  for (int i = 0; i < 3; ++i) EXPECT_LE(growth(probes, "512"), 64);
  EXPECT_GE(growth(address(), "128"), 96) << "callers' port is bounded: say so in the README";
}

// The check that streams are limited, and that of a caller who is not served.
TEST_F(HostileBytesTest, AServerWithoutLimitsIsCaught) {
  SetServeCommand({TWIN_PROGRAM, "no-accept-loop"});
  ServerProcess attacker({HOSTILE_PEER_PROGRAM, "stream-flood", address(), "--count", "1000"});
  EXPECT_EQ(attacker.Wait(), 0);
  EXPECT_EQ(NumberIn(attacker.log(), "still_answered"), 1) << attacker.log();
}

TEST_F(HostileBytesTest, ACallerWhoIsNotServedIsNoticed) {
  EXPECT_NE(address(), "");
  HealthyCaller caller([this] { return NewChannel(); }, "healthy");
  caller.WaitForCalls(1);
  server().Kill();
  (void)caller.Take();
  caller.WaitForCalls(2);
  EXPECT_FALSE(caller.Take().failures.empty());
}

}  // namespace
}  // namespace provisioning
