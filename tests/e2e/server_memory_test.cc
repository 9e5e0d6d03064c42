// SPDX-License-Identifier: Apache-2.0
// The memory and the threads of the server do not grow with what is sent.
//
//   ROWS=n of the long stream (default 100000; the long version takes 10000000)
//   STREAMS=n of 1,000 rows at once (default 100; the long version takes 1000)

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/provisiond_fixture.h"
#include "tests/support/busy_stream.h"
#include "tests/support/process_status.h"

namespace provisioning {
namespace {

constexpr std::int64_t mebibyte = 1 << 20;
#if defined(__SANITIZE_ADDRESS__)
// Its shadow, its margins and what it keeps back come on top. The short version
// shows threads and answers; what a row too many costs shows in the long one, and
// that a caller who does not read is held back in slow_reader_test.
constexpr std::int64_t sanitizer_factor = 2;
#else
constexpr std::int64_t sanitizer_factor = 1;
#endif
constexpr std::int64_t one_stream_bytes_max = 256 * mebibyte * sanitizer_factor;
constexpr std::int64_t many_streams_bytes_max = 512 * mebibyte * sanitizer_factor;
constexpr int rows_per_short_stream = 1000;
// The server takes no more.
constexpr std::int64_t streams_per_connection = 100;

std::int64_t FromEnvironment(const char* name, std::int64_t otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr ? std::atoll(text) : otherwise;
}

class ServerMemoryTest : public ProvisiondFixture {
 protected:
  // Otherwise the memory that the sanitizer keeps back hides what is freed.
  ServerMemoryTest() { AddEnvironment("ASAN_OPTIONS=quarantine_size_mb=4"); }

  // Looks at the server while the streams run.
  void ExpectLittle(const char* what, std::vector<std::unique_ptr<BusyStream>>& streams,
                    std::int64_t rows, std::int64_t bytes_max) {
    const absl::Time begin = absl::Now();
    const ProcessStatus before = ReadProcessStatus(server().id());
    ProcessStatus status = before;
    int threads_max = before.threads;
    for (const auto& stream : streams) {
      while (!stream->Wait(absl::Milliseconds(50))) {
        status = ReadProcessStatus(server().id());
        threads_max = std::max(threads_max, status.threads);
        ASSERT_EQ(status.own_threads, before.own_threads);
      }
      EXPECT_TRUE(stream->Wait().ok()) << ReadRpcError(stream->Wait());
      EXPECT_TRUE(stream->has_summary());
      EXPECT_EQ(stream->wrong_answers(), 0);
      EXPECT_EQ(stream->rows_answered(), rows);
    }
    const double seconds = absl::ToDoubleSeconds(absl::Now() - begin);
    status = ReadProcessStatus(server().id());
    std::printf("%s: %.0f rows/s, peak resident %.1f MiB, %d threads of its own, %d to %d in all\n",
                what, static_cast<double>(rows) * static_cast<double>(streams.size()) / seconds,
                static_cast<double>(status.peak_resident_bytes) / mebibyte, status.own_threads,
                before.threads, threads_max);
    EXPECT_LE(status.peak_resident_bytes, bytes_max);
    EXPECT_GT(before.own_threads, 0);
    EXPECT_LE(threads_max, before.own_threads + GrpcThreadsMax());
  }
};

TEST_F(ServerMemoryTest, OneLongStream) {
  const std::int64_t rows = FromEnvironment("ROWS", 100'000);
  std::vector<std::unique_ptr<BusyStream>> streams;
  const auto here = channel();
  streams.push_back(std::make_unique<BusyStream>(here, BusyStream::Options{.rows_max = rows}));
  ExpectLittle("one stream", streams, rows, one_stream_bytes_max);
}

TEST_F(ServerMemoryTest, ManyStreamsAtOnce) {
  const std::int64_t count = FromEnvironment("STREAMS", 100);
  std::vector<std::unique_ptr<BusyStream>> streams;
  auto here = channel();
  for (std::int64_t i = 0; i < count; ++i) {
    if (i > 0 && i % streams_per_connection == 0) here = NewChannel();
    streams.push_back(
        std::make_unique<BusyStream>(here, BusyStream::Options{.rows_max = rows_per_short_stream}));
  }
  ExpectLittle("many streams", streams, rows_per_short_stream, many_streams_bytes_max);
}

}  // namespace
}  // namespace provisioning
