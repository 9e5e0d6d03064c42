// SPDX-License-Identifier: Apache-2.0
// An import whose rows bring their passwords, beside a bare loop of libsodium's
// Argon2id on as many threads.
#include "tests/bench/hashing_bench.h"

#include <sodium.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "service/credential/hash_cost.h"
#include "service/credential/usable_cpus.h"
#include "tests/bench/random_rows.h"
#include "tests/bench/served_import.h"

namespace provisioning {
namespace {

constexpr char password[] = "correct horse battery ";

void HashInALoop(int count) {
  const HashCost cost;
  for (int i = 0; i < count; ++i) {
    unsigned char hash[32];
    unsigned char salt[crypto_pwhash_SALTBYTES];
    randombytes_buf(salt, sizeof(salt));
    const std::string text = password + std::to_string(i);
    if (crypto_pwhash(hash, sizeof(hash), text.data(), text.size(), salt,
                      static_cast<unsigned long long>(cost.iterations),
                      static_cast<std::size_t>(cost.memory_kib) * 1024,
                      crypto_pwhash_ALG_ARGON2ID13) != 0) {
      GiveUp("libsodium has no memory");
    }
  }
}

class HashingBench final : public Bench {
 public:
  explicit HashingBench(int passwords) : passwords_(passwords) {}

  std::string name() const override { return "hashing"; }
  std::string description() const override {
    return "an import with provided passwords / a bare libsodium loop on as many threads";
  }
  std::string unit() const override { return "passwords/s"; }

  double MeasureOurs() override {
    const auto messages = RowMessages(passwords_, 1, password);
    ServedStore store;
    return passwords_ /
           store.Import(BenchStart(false), EachOf(messages), passwords_, v1::ROW_OUTCOME_CREATED);
  }

  double MeasureCeiling() override {
    const int threads = UsableCpus();
    const auto begin = std::chrono::steady_clock::now();
    std::vector<std::thread> loops;
    for (int i = 0; i < threads; ++i) loops.emplace_back(HashInALoop, passwords_ / threads);
    for (std::thread& loop : loops) loop.join();
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
    return static_cast<double>(passwords_ / threads * threads) / time.count();
  }

 private:
  const int passwords_;
};

}  // namespace

std::unique_ptr<Bench> MakeHashingBench(bool quick) {
  if (sodium_init() < 0) GiveUp("libsodium does not start");
  return std::make_unique<HashingBench>(quick ? 240 : 1200);
}

}  // namespace provisioning
