// SPDX-License-Identifier: Apache-2.0
// A check of rows without passwords against an empty store, beside a gRPC server
// that sends the same messages back.
#include "tests/bench/validate_bench.h"

#include <chrono>

#include "tests/bench/message_stream.h"
#include "tests/bench/random_rows.h"
#include "tests/bench/served_import.h"
#include "tests/support/wire_bytes.h"

namespace provisioning {
namespace {

class ValidateBench final : public Bench {
 public:
  explicit ValidateBench(std::int64_t rows) : rows_(rows), messages_(RowMessages(rows, 3, "")) {}

  std::string name() const override { return "validate_only"; }
  std::string description() const override {
    return "a check of " + std::to_string(rows_) +
           " rows against an empty store / a gRPC echo of the same messages";
  }
  std::string unit() const override { return "rows/s"; }

  double MeasureOurs() override {
    ServedStore store;
    v1::ImportStart start = BenchStart(true);
    start.set_validate_only(true);
    return static_cast<double>(rows_) /
           store.Import(start, EachOf(messages_), rows_, v1::ROW_OUTCOME_VALID);
  }

  double MeasureCeiling() override {
    ServerProcess server({"/proc/self/exe", "--echo-server"});
    const std::string address = server.WaitForAddress();
    if (address.empty()) GiveUp("the echo server does not start");
    std::int64_t rows = 0;
    const auto begin = std::chrono::steady_clock::now();
    MessageStream stream(LoopbackChannel(address), "/echo/Echo", EachOf(messages_),
                         [&rows](grpc::ByteBuffer& bytes) {
                           v1::ImportClientsRequest request;
                           if (!FromBytes(bytes, request)) GiveUp("a bad echo");
                           rows += request.rows().rows_size();
                         });
    const grpc::Status status = stream.Run();
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
    if (!status.ok() || rows != rows_) GiveUp("the echo is not complete");
    return static_cast<double>(rows_) / time.count();
  }

 private:
  const std::int64_t rows_;
  const std::vector<grpc::ByteBuffer> messages_;
};

}  // namespace

std::unique_ptr<Bench> MakeValidateBench(bool quick) {
  return std::make_unique<ValidateBench>(quick ? 50'000 : 200'000);
}

}  // namespace provisioning
