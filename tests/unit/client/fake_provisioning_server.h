// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/server.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "provisioning/v1/client_provisioning_service.grpc.pb.h"
#include "tests/unit/client/fake_account_service.h"

namespace provisioning {

// A status with an ErrorInfo, as the service sends it.
grpc::Status ErrorStatus(grpc::StatusCode code, const std::string& reason,
                         std::int64_t settled_through_row = -1, int retry_milliseconds = 0);

// Answers imports of one organization as the contract says, from memory, and
// breaks off where it is told to: for faults that a real server cannot be made
// to show. Rows whose address has "bad" in it are rejected. Any thread.
class FakeProvisioningServer {
 public:
  // What goes wrong in one stream.
  struct Fault {
    std::optional<grpc::Status> instead_of_start = std::nullopt;
    // After so many results the stream ends with `status`; rows that were
    // received by then are settled nevertheless, and their answers lost.
    std::int64_t results_max = -1;
    grpc::Status status = ErrorStatus(grpc::StatusCode::UNAVAILABLE, "");
    bool silent = false;                         // Takes the start and says nothing.
    bool without_summary = false;                // Ends OK, but says nothing at the end.
    std::int64_t skip_result = 0;                // This row is not answered.
    std::function<void()> on_results = nullptr;  // After the first results were sent.
  };
  // What a stream was seen to send.
  struct Seen {
    v1::ImportStart start;
    std::vector<std::int64_t> rows;
    bool end = false;
  };

  FakeProvisioningServer();
  ~FakeProvisioningServer();

  // "127.0.0.1:12345".
  const std::string& address() const { return address_; }
  // Faults of the next streams, in order; then there are none.
  void Plan(std::deque<Fault> faults);
  // The store has lost every row above `row_number`.
  void LoseRowsAfter(std::int64_t row_number);
  std::vector<Seen> seen() const;
  std::int64_t accounts() const;
  // How a revert goes: these messages, then this status.
  void PlanRevert(std::vector<v1::RevertImportResponse> messages, grpc::Status status);
  // What GetImport answers from now on.
  void SetImport(v1::Import import);
  FakeAccountService& account_service() { return *account_service_; }

 private:
  class Imports;

  std::unique_ptr<Imports> imports_;
  std::unique_ptr<FakeAccountService> account_service_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

}  // namespace provisioning
