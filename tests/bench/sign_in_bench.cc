// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/sign_in_bench.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>
#include <vector>

#include "provisioning/v1/client_account_service.grpc.pb.h"
#include "service/credential/credential_factory.h"
#include "tests/bench/random_rows.h"
#include "tests/bench/served_import.h"
#include "tests/support/wire_bytes.h"

namespace provisioning {
namespace {

constexpr char password[] = "four quiet unrelated wagons";
constexpr std::int64_t clients = 100;

class SignInBench final : public Bench {
 public:
  SignInBench(HugeImport::Passwords beside, int sign_ins) : beside_(beside), sign_ins_(sign_ins) {
    const auto credential = CredentialFactory(HashCost()).HashLasting(SecretString(password));
    if (!credential) GiveUp("no memory for a hash");
    for (std::int64_t i = 1; i <= clients; ++i) {
      v1::ClientRow& row = *request_.mutable_rows()->add_rows();
      row = RandomRow(i, 1);
      row.set_password_hash(credential->phc());
      addresses_.push_back(row.email_address());
    }
  }

  std::string name() const override {
    return beside_ == HugeImport::Passwords::kGiven ? "sign_in_beside_hashing"
                                                    : "sign_in_beside_writing";
  }
  std::string description() const override {
    return "the 99th percentile of " + std::to_string(sign_ins_) +
           " VerifyPassword calls beside an import that saturates " +
           (beside_ == HugeImport::Passwords::kGiven ? "the hashing" : "the store") +
           " / with nothing beside them";
  }
  std::string unit() const override { return "ms"; }
  bool higher_is_better() const override { return false; }
  int rounds_max() const override { return 3; }

  double MeasureOurs() override {
    ServedStore store;
    MakeClients(store);
    const HugeImport huge(store, beside_);
    Run(store, 20);  // Until it has filled every queue.
    return Run(store, sign_ins_);
  }
  double MeasureCeiling() override {
    ServedStore store;
    MakeClients(store);
    return Run(store, sign_ins_);
  }

 private:
  // Who have signed in once: the first time writes more.
  void MakeClients(ServedStore& store) {
    store.Import(BenchStart(false), EachOf({ToBytes(request_)}), clients, v1::ROW_OUTCOME_CREATED);
    Run(store, clients);
  }

  double Run(const ServedStore& store, std::int64_t sign_ins) const {
    const auto stub = v1::ClientAccountService::NewStub(LoopbackChannel(store.address()));
    v1::VerifyPasswordRequest request;
    request.set_organization_id("bench");
    request.set_password(password);
    std::vector<double> times;
    for (std::int64_t i = 0; i < sign_ins; ++i) {
      request.set_email_address(addresses_[static_cast<std::size_t>(i % clients)]);
      grpc::ClientContext context;
      v1::VerifyPasswordResponse response;
      const auto begin = std::chrono::steady_clock::now();
      const grpc::Status status = stub->VerifyPassword(&context, request, &response);
      const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
      if (!status.ok() || response.outcome() != v1::VERIFY_PASSWORD_OUTCOME_OK) {
        GiveUp("a sign-in failed: " + status.error_message());
      }
      times.push_back(1000 * time.count());
    }
    std::ranges::sort(times);
    return times[static_cast<std::size_t>(std::ceil(0.99 * static_cast<double>(sign_ins))) - 1];
  }

  const HugeImport::Passwords beside_;
  const int sign_ins_;
  v1::ImportClientsRequest request_;
  std::vector<std::string> addresses_;
};

}  // namespace

std::unique_ptr<Bench> MakeSignInBench(HugeImport::Passwords beside, bool quick) {
  return std::make_unique<SignInBench>(beside, quick ? 100 : 500);
}

}  // namespace provisioning
