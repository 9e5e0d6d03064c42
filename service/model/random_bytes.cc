// SPDX-License-Identifier: Apache-2.0
#include "service/model/random_bytes.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <pthread.h>

#include <cstdlib>
#include <cstring>

#include "service/model/secret_array.h"

namespace provisioning {
namespace {

struct Batch {
  SecretArray<std::uint8_t, 1024> bytes;
  std::size_t unused = 0;  // At the end of `bytes`.
};

thread_local Batch batch;

void Generate(std::span<std::uint8_t> out) {
  if (RAND_priv_bytes(out.data(), static_cast<int>(out.size())) != 1) std::abort();
}

// Parent and child would otherwise hand out the same bytes. Only the thread that
// forks lives on in the child, and the handler runs on it.
void ForgetBatchAfterFork() {
  static const int registered = pthread_atfork(nullptr, nullptr, [] { batch = Batch(); });
  if (registered != 0) std::abort();
}

}  // namespace

void FillRandom(std::span<std::uint8_t> out) {
  if (out.size() > batch.bytes.size()) return Generate(out);
  if (batch.unused < out.size()) {
    ForgetBatchAfterFork();
    Generate(batch.bytes);
    batch.unused = batch.bytes.size();
  }
  if (out.empty()) return;
  std::uint8_t* const next = batch.bytes.data() + (batch.bytes.size() - batch.unused);
  std::memcpy(out.data(), next, out.size());
  OPENSSL_cleanse(next, out.size());
  batch.unused -= out.size();
}

}  // namespace provisioning
