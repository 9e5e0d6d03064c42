// SPDX-License-Identifier: Apache-2.0
// The memory of `provision` does not grow with the file.
//
//   BYTES=n of the file (default 40 MB; the long version takes 2000000000)

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/provision_fixture.h"
#include "tests/support/process_status.h"
#include "tests/support/raw_database.h"

namespace provisioning {
namespace {

#if defined(__SANITIZE_ADDRESS__)
// Its shadow and its margins come on top.
constexpr std::int64_t resident_bytes_max = std::int64_t{192} << 20;
#else
constexpr std::int64_t resident_bytes_max = std::int64_t{64} << 20;
#endif

std::int64_t FileBytes() {
  const char* text = std::getenv("BYTES");
  return text != nullptr ? std::atoll(text) : 40'000'000;
}

class ClientMemoryTest : public ProvisionFixture {
 protected:
  // As wide as rows can be: names of 200 characters of four bytes.
  std::int64_t WriteWideRows(std::int64_t bytes) {
    std::string name;
    for (int i = 0; i < 200; ++i) name += "\xF0\xA0\xAE\xB7";
    std::ofstream file(file_, std::ios::binary);
    file << "email_address,first_name,last_name,birthdate,gender\n";
    std::int64_t rows = 0;
    while (file.tellp() < bytes) {
      file << "client" << ++rows << "@" << std::string(60, 'a') << "." << std::string(60, 'b')
           << ".example," << name << ",\"" << name << "\",19811120,F\n";
    }
    return rows;
  }

  void ExpectLittleMemory(const char* what, const std::vector<std::string>& arguments,
                          std::int64_t rows) {
    const absl::Time begin = absl::Now();
    const auto provision = Start(arguments);
    std::int64_t peak = 0;
    while (!provision->Wait(absl::Milliseconds(5))) {
      peak = std::max(peak, ReadProcessStatus(provision->id()).peak_resident_bytes);
    }
    EXPECT_EQ(provision->Wait(), 0) << provision->log();
    const double seconds = absl::ToDoubleSeconds(absl::Now() - begin);
    std::printf("%s: %lld rows, %.1f s, %.0f rows/s, %.1f MB/s, peak resident %.1f MiB\n", what,
                static_cast<long long>(rows), seconds, static_cast<double>(rows) / seconds,
                static_cast<double>(FileBytes()) / 1e6 / seconds,
                static_cast<double>(peak) / (1 << 20));
    EXPECT_GT(peak, 0);
    EXPECT_LE(peak, resident_bytes_max);
  }

  const std::string file_ = folder_.File("clients.csv");
};

TEST_F(ClientMemoryTest, DoesNotGrowWithTheFile) {
  const std::int64_t rows = WriteWideRows(FileBytes());
  // Otherwise what is freed stays for a while. It means nothing without ASan.
  const char* options = std::getenv("ASAN_OPTIONS");
  setenv("ASAN_OPTIONS",
         (std::string(options != nullptr ? options : "") + ":quarantine_size_mb=1").c_str(), 1);
  StartServer();
  ExpectLittleMemory("validate", {"validate", file_, "--generate-passwords"}, rows);
  ExpectLittleMemory(
      "import", {"import", file_, "--organization", "practice", "--yes", "--generate-passwords"},
      rows);
  EXPECT_EQ(RawDatabase(database_path_).ReadCell("SELECT count(*) FROM client"),
            std::to_string(rows));
}

}  // namespace
}  // namespace provisioning
