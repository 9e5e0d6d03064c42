// SPDX-License-Identifier: Apache-2.0
// What the service counts, for Prometheus. Every name, help text and bucket stands
// in metrics.cc. No label is made of what a caller sends, or of who it is: their
// number would have no bound, and metrics are read by more people than the store.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "service/import/import_observer.h"

namespace prometheus {
class Collectable;
class Counter;
class Histogram;
class Registry;
}  // namespace prometheus

namespace provisioning {

// Numbers that somebody else has, and that are asked for at each scrape.
enum class ReadOut {
  kStreams,
  kRowsChecking,
  kRowsLookUp,
  kRowsHashing,
  kRowsCommit,
  kRowsSending,
  kBytesUnderWay,
  kHashThreads,
  kStoreReady,            // 1 or 0.
  kServing,               // 1 or 0.
  kConnectionsAccepted,   // Since the start.
  kConnectionsRefused,    // Since the start.
  kPolicyReloads,         // Since the start, those that took effect.
  kPolicyReloadFailures,  // Since the start.
  kPolicyCurrent,         // 1 or 0.
  kTlsFilesValid,         // 1 or 0.
  kCertificateNotBefore,  // Seconds since 1970.
  kCertificateExpiry,     // Seconds since 1970.
  kClientCaExpiry,        // Seconds since 1970.
};

// Of one gRPC method. Any thread.
class CallMetrics {
 public:
  static constexpr int code_count = 17;

  void OnStarted();
  void OnReceived();  // A message.
  void OnSent();      // A message.
  // `code` as grpc::StatusCode.
  void OnHandled(int code, std::chrono::duration<double> time);

 private:
  friend class Metrics;
  prometheus::Counter* started_ = nullptr;
  prometheus::Counter* received_ = nullptr;
  prometheus::Counter* sent_ = nullptr;
  std::array<prometheus::Counter*, code_count> handled_{};
  prometheus::Histogram* seconds_ = nullptr;
};

// All metrics of a server. Any thread.
class Metrics final : public ImportObserver {
 public:
  Metrics();
  ~Metrics() override;
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // Once. `store`: the engine's name.
  void SetBuild(const std::string& version, const std::string& store);

  // What is to be read at each scrape, on the listener's thread: it must be quick,
  // and what it refers to must outlive the listener. Until then a counter shows 0,
  // and a gauge is not there.
  void Read(ReadOut what, std::function<double()> read);

  // A method of a service: `method` as in its path, "/package.Service/Method",
  // `type` "unary", "server_stream" ... The same one for the same method; lives as
  // long as this. The number of methods must be bounded.
  CallMetrics& OfMethod(std::string_view method, std::string_view type);

  // Why calls fail, as in ErrorInfo but in lower case: before the first one, so that it
  // is an increase too. Their number must be bounded.
  void DeclareError(const std::string& reason);
  // A call, or a stream, has ended with it; one that was not declared is not counted.
  void OnError(std::string_view reason);

  void OnAnswered(const Answered& answered) override;
  void OnCommitted(Seconds time, std::int64_t rows, const absl::Status& status) override;
  void OnHashed(Seconds time);

  // What a listener shows.
  std::shared_ptr<prometheus::Collectable> collectable() const;

 private:
  class Shown;
  struct Families;

  const std::shared_ptr<prometheus::Registry> registry_;
  const std::unique_ptr<Families> families_;
  const std::shared_ptr<Shown> shown_;

  std::mutex mutex_;
  std::map<std::string, CallMetrics, std::less<>> methods_;          // Guarded by mutex_.
  std::map<std::string, prometheus::Counter*, std::less<>> errors_;  // Guarded by mutex_.
};

}  // namespace provisioning
