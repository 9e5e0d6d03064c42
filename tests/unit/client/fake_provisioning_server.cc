// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/client/fake_provisioning_server.h"

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <thread>
#include <utility>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace provisioning {

grpc::Status ErrorStatus(grpc::StatusCode code, const std::string& reason,
                         std::int64_t settled_through_row, int retry_milliseconds) {
  google::rpc::Status details;
  if (!reason.empty()) {
    google::rpc::ErrorInfo info;
    info.set_reason(reason);
    info.set_domain("provisioning.v1");
    if (settled_through_row >= 0) {
      (*info.mutable_metadata())["settled_through_row"] = std::to_string(settled_through_row);
    }
    details.add_details()->PackFrom(info);
  }
  if (retry_milliseconds > 0) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(retry_milliseconds / 1000);
    retry.mutable_retry_delay()->set_nanos(retry_milliseconds % 1000 * 1'000'000);
    details.add_details()->PackFrom(retry);
  }
  return {code, reason + " for a test", details.SerializeAsString()};
}

class FakeProvisioningServer::Imports final : public v1::ClientProvisioningService::Service {
 public:
  using Stream = grpc::ServerReaderWriter<v1::ImportClientsResponse, v1::ImportClientsRequest>;

  grpc::Status ImportClients(grpc::ServerContext* context, Stream* stream) override {
    v1::ImportClientsRequest request;
    if (!stream->Read(&request))
      return ErrorStatus(grpc::StatusCode::INVALID_ARGUMENT, "START_MISSING");
    const std::size_t index = Begin(request.start());
    Fault fault = NextFault();
    if (fault.instead_of_start) return *fault.instead_of_start;
    while (fault.silent && !context->IsCancelled()) std::this_thread::yield();
    const v1::ImportStart start = request.start();
    if (const auto behind = StoreBehind(start)) return *behind;
    SendStarted(*stream, start);
    std::int64_t results_left = fault.results_max;
    v1::ImportClientsResponse response;
    while (stream->Read(&request) && request.has_rows()) {
      response.Clear();
      for (const v1::ClientRow& row : request.rows().rows()) {
        const v1::RowResult result = Settle(index, start, row);
        if (results_left == 0 || row.row_number() == fault.skip_result) continue;
        if (results_left > 0) --results_left;
        *response.mutable_results()->add_results() = result;
      }
      stream->Write(response);
      if (fault.on_results) std::exchange(fault.on_results, nullptr)();
      if (fault.results_max >= 0 && results_left == 0) return fault.status;
    }
    if (!request.has_end())
      return ErrorStatus(grpc::StatusCode::FAILED_PRECONDITION, "END_MISSING");
    End(index);
    if (fault.results_max >= 0) return fault.status;
    response.Clear();
    response.mutable_summary();
    if (!fault.without_summary) stream->Write(response);
    return grpc::Status::OK;
  }

  grpc::Status GetImport(grpc::ServerContext*, const v1::GetImportRequest*,
                         v1::GetImportResponse* response) override {
    const std::lock_guard lock(mutex_);
    if (!import_) return grpc::Status(grpc::StatusCode::UNIMPLEMENTED, "no import was set");
    *response->mutable_import() = *import_;
    return grpc::Status::OK;
  }

  grpc::Status RevertImport(grpc::ServerContext*, const v1::RevertImportRequest*,
                            grpc::ServerWriter<v1::RevertImportResponse>* writer) override {
    const std::lock_guard lock(mutex_);
    for (const v1::RevertImportResponse& message : revert_) writer->Write(message);
    return revert_status_;
  }

  void PlanRevert(std::vector<v1::RevertImportResponse> messages, grpc::Status status) {
    const std::lock_guard lock(mutex_);
    revert_ = std::move(messages);
    revert_status_ = std::move(status);
  }
  void SetImport(v1::Import import) {
    const std::lock_guard lock(mutex_);
    import_ = std::move(import);
  }

  void Plan(std::deque<Fault> faults) {
    const std::lock_guard lock(mutex_);
    faults_ = std::move(faults);
  }
  void LoseRowsAfter(std::int64_t row_number) {
    const std::lock_guard lock(mutex_);
    settled_ = row_number;
    std::erase_if(made_by_, [row_number](const auto& made) { return made.second > row_number; });
  }
  std::vector<Seen> seen() const {
    const std::lock_guard lock(mutex_);
    return seen_;
  }
  std::int64_t accounts() const {
    const std::lock_guard lock(mutex_);
    return std::ssize(made_by_);
  }

 private:
  std::size_t Begin(const v1::ImportStart& start) {
    const std::lock_guard lock(mutex_);
    seen_.push_back({.start = start, .rows = {}});
    return seen_.size() - 1;
  }
  Fault NextFault() {
    const std::lock_guard lock(mutex_);
    if (faults_.empty()) return {};
    Fault fault = std::move(faults_.front());
    faults_.pop_front();
    return fault;
  }
  std::optional<grpc::Status> StoreBehind(const v1::ImportStart& start) {
    const std::lock_guard lock(mutex_);
    if (start.answered_through_row() <= settled_) return std::nullopt;
    return ErrorStatus(grpc::StatusCode::FAILED_PRECONDITION, "STORE_BEHIND", settled_);
  }
  void SendStarted(Stream& stream, const v1::ImportStart& start) {
    v1::ImportClientsResponse response;
    const std::lock_guard lock(mutex_);
    response.mutable_started()->set_settled_through_row(start.validate_only() ? 0 : settled_);
    stream.Write(response);
  }
  void End(std::size_t index) {
    const std::lock_guard lock(mutex_);
    seen_[index].end = true;
  }

  v1::RowResult Settle(std::size_t index, const v1::ImportStart& start, const v1::ClientRow& row) {
    const std::lock_guard lock(mutex_);
    seen_[index].rows.push_back(row.row_number());
    v1::RowResult result;
    result.set_row_number(row.row_number());
    result.set_email_address(row.email_address());
    if (row.email_address().find("bad") != std::string::npos) {
      result.set_outcome(v1::ROW_OUTCOME_REJECTED);
      auto* violation = result.add_violations();
      violation->set_field("email_address");
      violation->set_code(v1::FIELD_ISSUE_CODE_EMAIL_DOMAIN);
      violation->set_message("A bad address.");
    } else if (start.validate_only()) {
      result.set_outcome(v1::ROW_OUTCOME_VALID);
    } else {
      Create(start, row, result);
    }
    if (!start.validate_only()) settled_ = std::max(settled_, row.row_number());
    return result;
  }
  // mutex_ held.
  void Create(const v1::ImportStart& start, const v1::ClientRow& row, v1::RowResult& result) {
    result.set_replayed(row.row_number() <= settled_);
    const auto [made, fresh] = made_by_.emplace(row.email_address(), row.row_number());
    if (!fresh && made->second != row.row_number()) {
      result.set_outcome(v1::ROW_OUTCOME_DUPLICATE_ROW);
      result.set_first_row_number(made->second);
      return;
    }
    result.set_outcome(v1::ROW_OUTCOME_CREATED);
    const bool lost =
        start.has_answered_through_row() && row.row_number() > start.answered_through_row();
    const bool generates =
        start.missing_password() == v1::MISSING_PASSWORD_GENERATE && row.initial_password().empty();
    if (generates && (fresh || lost)) {
      result.set_temporary_password("GENERATED-" + std::to_string(++passwords_));
    }
  }

  mutable std::mutex mutex_;
  // All below: guarded by mutex_.
  std::deque<Fault> faults_;
  std::vector<Seen> seen_;
  std::int64_t settled_ = 0;
  std::map<std::string, std::int64_t> made_by_;  // Address -> row.
  std::int64_t passwords_ = 0;
  std::vector<v1::RevertImportResponse> revert_;
  grpc::Status revert_status_ = grpc::Status(grpc::StatusCode::UNIMPLEMENTED, "no revert planned");
  std::optional<v1::Import> import_;
};

FakeProvisioningServer::FakeProvisioningServer()
    : imports_(std::make_unique<Imports>()),
      account_service_(std::make_unique<FakeAccountService>()) {
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(imports_.get());
  builder.RegisterService(account_service_.get());
  server_ = builder.BuildAndStart();
  if (server_ == nullptr) ADD_FAILURE() << "the fake server does not start";
  address_ = "127.0.0.1:" + std::to_string(port);
}

FakeProvisioningServer::~FakeProvisioningServer() {
  server_->Shutdown(std::chrono::system_clock::now());
}

void FakeProvisioningServer::Plan(std::deque<Fault> faults) { imports_->Plan(std::move(faults)); }
void FakeProvisioningServer::LoseRowsAfter(std::int64_t row_number) {
  imports_->LoseRowsAfter(row_number);
}
void FakeProvisioningServer::PlanRevert(std::vector<v1::RevertImportResponse> messages,
                                        grpc::Status status) {
  imports_->PlanRevert(std::move(messages), std::move(status));
}
void FakeProvisioningServer::SetImport(v1::Import import) {
  imports_->SetImport(std::move(import));
}
std::vector<FakeProvisioningServer::Seen> FakeProvisioningServer::seen() const {
  return imports_->seen();
}
std::int64_t FakeProvisioningServer::accounts() const { return imports_->accounts(); }

}  // namespace provisioning
