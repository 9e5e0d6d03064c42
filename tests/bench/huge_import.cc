// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/huge_import.h"

#include <cstdint>

#include "tests/bench/bench.h"
#include "tests/bench/random_rows.h"
#include "tests/support/wire_bytes.h"

namespace provisioning {
namespace {

constexpr char password[] = "correct horse battery ";
// More than are settled while anything is measured.
constexpr std::int64_t rows = 100'000'000;

}  // namespace

HugeImport::HugeImport(const ServedStore& store, Passwords passwords)
    : stream_(LoopbackChannel(store.address()), import_method,
              ImportOf(BenchStart(passwords == Passwords::kGenerated, "huge"),
                       [next = std::int64_t{1}, passwords](grpc::ByteBuffer& message) mutable {
                         if (next > rows) return false;
                         message = RowMessage(next, rows, 1,
                                              passwords == Passwords::kGiven ? password : "");
                         next += rows_per_message;
                         return true;
                       }),
              [](grpc::ByteBuffer& /*message*/) {}),
      thread_([this] { ended_ = stream_.Run(); }) {}

HugeImport::~HugeImport() {
  stream_.Cancel();
  thread_.join();
  if (ended_.error_code() != grpc::StatusCode::CANCELLED) {
    GiveUp("the huge import ended by itself: " + ended_.error_message());
  }
}

}  // namespace provisioning
