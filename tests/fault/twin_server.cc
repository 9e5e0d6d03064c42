// SPDX-License-Identifier: Apache-2.0
// provisiond-twin: provisiond with one fault built in, which the fault tests must
// catch before they may pass the real one.
//
//   provisiond-twin TWIN --listen HOST:PORT --store sqlite:PATH
//   provisiond-twin guesses-commits --listen HOST:PORT --store postgresql://...
//
//   early-answers          answers before the rows are in PATH (some 50 ms before)
//   separate-settled-row   moves the settled row in a transaction of its own
//   reorder                swaps neighbouring results, now and then
//   first-come             whoever comes first is served first: no shares
//   first-holder           the first stream of an import keeps it: no newer one takes it over
//   guesses-commits        takes a batch for settled when the database does not say so
//   no-keepalive           never asks a silent caller for a sign of life
//   any-organization       gives every caller its rights in every organization; takes
//                          --tls-cert, --tls-key, --tls-client-ca and --policy besides
//   no-accept-loop         gRPC accepts connections itself

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "grpcpp/support/server_interceptor.h"
#include "provisioning/v1/client_provisioning_service.pb.h"
#include "service/credential/credential_factory.h"
#include "service/credential/hashing_pool.h"
#include "service/import/import_core.h"
#include "service/import/worker_pool.h"
#include "service/rpc/provisioning_service.h"
#include "service/rules/row_rules.h"
#include "service/store/postgres/postgres_identity_store.h"
#include "service/store/sqlite/sqlite_identity_store.h"
#include "sqlite3.h"
#include "tests/fault/trusting_twin.h"
#include "tests/fault/twin_store.h"

namespace provisioning {
namespace {

// Copies the database that is served to the one that survives, again and again.
void BackUp(const std::string& from_path, const std::string& to_path) {
  sqlite3* from = nullptr;
  sqlite3* to = nullptr;
  if (sqlite3_open(from_path.c_str(), &from) == SQLITE_OK &&
      sqlite3_open(to_path.c_str(), &to) == SQLITE_OK) {
    sqlite3_exec(from, "PRAGMA wal_autocheckpoint=0", nullptr, nullptr, nullptr);
    sqlite3_backup* backup = sqlite3_backup_init(to, "main", from, "main");
    if (backup != nullptr) {
      sqlite3_backup_step(backup, -1);
      sqlite3_backup_finish(backup);
    }
  }
  sqlite3_close(to);
  sqlite3_close(from);
}

// The path that is served instead of `path`.
std::string ServeACopyOf(const std::string& path) {
  const std::string copy = path + ".served";
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(copy + suffix);
  if (std::filesystem::exists(path)) BackUp(path, copy);
  std::thread([copy, path] {
    for (;;) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      BackUp(copy, path);
    }
  }).detach();
  return copy;
}

// Swaps the first two results of every tenth message.
class ReorderInterceptor final : public grpc::experimental::Interceptor {
 public:
  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(
            grpc::experimental::InterceptionHookPoints::PRE_SEND_MESSAGE)) {
      Reorder(*methods->GetSerializedSendMessage());
    }
    methods->Proceed();
  }

 private:
  void Reorder(grpc::ByteBuffer& bytes) {
    std::vector<grpc::Slice> slices;
    if (!bytes.Dump(&slices).ok()) return;
    std::string text;
    for (const grpc::Slice& slice : slices) {
      text.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
    }
    v1::ImportClientsResponse message;
    if (!message.ParseFromString(text) || message.results().results_size() < 2) return;
    if (++messages_ % 10 != 0) return;
    message.mutable_results()->mutable_results()->SwapElements(0, 1);
    const grpc::Slice slice(message.SerializeAsString());
    bytes = grpc::ByteBuffer(&slice, 1);
  }

  static inline std::atomic<int> messages_ = 0;
};

class ReorderFactory final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  grpc::experimental::Interceptor* CreateServerInterceptor(
      grpc::experimental::ServerRpcInfo* /*info*/) override {
    return new ReorderInterceptor;
  }
};

std::unique_ptr<IdentityStore> Opened(absl::StatusOr<std::unique_ptr<IdentityStore>> store) {
  if (store.ok()) return *std::move(store);
  fprintf(stderr, "%s\n", std::string(store.status().message()).c_str());
  std::exit(1);
}

std::unique_ptr<IdentityStore> OpenReal(const std::string& twin, const std::string& address,
                                        const OrganizationShares& shares) {
  if (twin == "guesses-commits") {
    // One that gives up at once.
    return Opened(PostgresIdentityStore::Open(
        {.url = address, .patience = {.recovery_timeout = absl::ZeroDuration()}}));
  }
  const std::string path = address.substr(address.find(':') + 1);
  SqliteOptions options;
  options.shares = shares;
  options.path = twin == "early-answers" ? ServeACopyOf(path) : path;
  return Opened(SqliteIdentityStore::Open(options));
}

std::unique_ptr<IdentityStore> Break(const std::string& twin, const std::string& address,
                                     IdentityStore& store) {
  if (twin == "separate-settled-row") {
    return std::make_unique<SeparateSettledRowStore>(store, address.substr(address.find(':') + 1));
  }
  if (twin == "first-holder") return std::make_unique<FirstHolderStore>(store);
  if (twin == "guesses-commits") return std::make_unique<GuessingStore>(store);
  return nullptr;
}

int Run(const std::string& twin, const std::string& listen, const std::string& address) {
  const OrganizationShares shares = twin == "first-come"
                                        ? OrganizationShares::FirstComeFirstServed()
                                        : OrganizationShares::Equal();
  const std::unique_ptr<IdentityStore> real_store = OpenReal(twin, address, shares);
  const std::unique_ptr<IdentityStore> broken_store = Break(twin, address, *real_store);
  IdentityStore& store = broken_store ? *broken_store : *real_store;
  SystemClock clock;
  RowRules rules(clock);
  CredentialFactory factory{HashCost{}};
  WorkerPool workers(4, shares);
  HashingPool hashing_pool(2, factory, shares);
  ImportCore core({store, rules, factory, hashing_pool, workers, clock}, {});
  UnaryCalls calls(1, shares);
  AccessControl access = AccessControl::ForEverybody();
  ProvisioningService service(core, store, calls, access);
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(listen, grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  if (twin == "reorder") {
    std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> factories;
    factories.push_back(std::make_unique<ReorderFactory>());
    builder.experimental().SetInterceptorCreators(std::move(factories));
  }
  const auto server = builder.BuildAndStart();
  fprintf(stderr, "listening on 127.0.0.1:%d\n", port);
  server->Wait();  // Until it is killed.
  return 0;
}

}  // namespace
}  // namespace provisioning

int main(int argc, char** argv) {
  if (argc > 1 && std::string(argv[1]) == "any-organization") {
    return provisioning::RunTrustingTwin(argc - 1, argv + 1);
  }
  if (argc != 6) return 2;
  return provisioning::Run(argv[1], argv[3], argv[5]);
}
