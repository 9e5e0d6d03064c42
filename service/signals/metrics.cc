// SPDX-License-Identifier: Apache-2.0
#include "service/signals/metrics.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "prometheus/counter.h"
#include "prometheus/family.h"
#include "prometheus/gauge.h"
#include "prometheus/histogram.h"
#include "prometheus/registry.h"
#include "service/model/error.h"
#include "service/model/row_result.h"
#include "service/signals/own_process.h"

namespace provisioning {
namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Histogram;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Buckets = Histogram::BucketBoundaries;

// Seconds. Streams may last for hours, most calls for milliseconds.
const Buckets call_buckets = {.001, .0025, .005, .01, .025, .05, .1,  .25,
                              .5,   1,     2.5,  5,   10,   60,  600, 3600};
// From a lone row that is generated to one behind a window full of passwords.
const Buckets row_buckets = {.001, .0025, .005, .01, .025, .05, .1, .25,
                             .5,   1,     2.5,  5,   10,   30,  60, 300};
const Buckets hash_buckets = {.0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5};
const Buckets commit_buckets = {.0005, .001, .0025, .005, .01, .025, .05, .1,
                                .25,   .5,   1,     2.5,  5,   10,   20};
// To the largest batch of a stream.
const Buckets commit_rows_buckets = {1, 4, 16, 64, 256, 1024, 4096, 16384, 49152};

struct ReadOutDeclaration {
  ReadOut what;
  const char* name;
  MetricType type;
  const char* help;
  const char* stage = nullptr;  // The label of this name.
};

constexpr char rows_waiting_help[] =
    "Rows that wait for a stage or are in it, of all streams; looked at twice a second.";

// Those of one name stand together.
constexpr ReadOutDeclaration read_outs[] = {
    {ReadOut::kStreams, "provisioning_streams", MetricType::Gauge,
     "Streams of imports that are open, calls of CreateClient included."},
    {ReadOut::kRowsChecking, "provisioning_rows_waiting", MetricType::Gauge, rows_waiting_help,
     "checking"},
    {ReadOut::kRowsLookUp, "provisioning_rows_waiting", MetricType::Gauge, rows_waiting_help,
     "look_up"},
    {ReadOut::kRowsHashing, "provisioning_rows_waiting", MetricType::Gauge, rows_waiting_help,
     "hashing"},
    {ReadOut::kRowsCommit, "provisioning_rows_waiting", MetricType::Gauge, rows_waiting_help,
     "commit"},
    {ReadOut::kRowsSending, "provisioning_rows_waiting", MetricType::Gauge, rows_waiting_help,
     "sending"},
    {ReadOut::kBytesUnderWay, "provisioning_rows_waiting_bytes", MetricType::Gauge,
     "Bytes of the rows that are under way, by which callers are held up."},
    {ReadOut::kHashThreads, "provisioning_hash_threads", MetricType::Gauge,
     "Threads that hash the passwords of imports."},
    {ReadOut::kStoreReady, "provisioning_store_ready", MetricType::Gauge,
     "1: the store can be reached and has a schema that this program works with; else 0."},
    {ReadOut::kServing, "provisioning_serving", MetricType::Gauge,
     "1: health says SERVING; else 0: the store is away, or the server is stopping."},
    {ReadOut::kConnectionsAccepted, "provisioning_connections_accepted_total", MetricType::Counter,
     "Connections that were accepted on the listener for callers."},
    {ReadOut::kConnectionsRefused, "provisioning_connections_refused_total", MetricType::Counter,
     "Connections that were closed at once, because as many were open as may be."},
    {ReadOut::kPolicyReloads, "provisioning_policy_reloads_total", MetricType::Counter,
     "Times that a changed policy file took effect."},
    {ReadOut::kPolicyReloadFailures, "provisioning_policy_reload_failures_total",
     MetricType::Counter,
     "Times that a changed policy file was refused; the old one stays in force."},
    {ReadOut::kPolicyCurrent, "provisioning_policy_current", MetricType::Gauge,
     "1: the policy in force is the one of the file; 0: that was refused or cannot be read, and "
     "the one before it stays in force."},
    {ReadOut::kTlsFilesValid, "provisioning_tls_files_valid", MetricType::Gauge,
     "1: certificate, key and authorities are good and fit, as their files are now; 0: new "
     "connections may fail."},
    {ReadOut::kCertificateNotBefore, "provisioning_certificate_not_before_timestamp_seconds",
     MetricType::Gauge, "When the server's certificate began to be valid, in seconds since 1970."},
    {ReadOut::kCertificateExpiry, "provisioning_certificate_expiry_timestamp_seconds",
     MetricType::Gauge, "When the server's certificate expires, in seconds since 1970."},
    {ReadOut::kClientCaExpiry, "provisioning_client_ca_expiry_timestamp_seconds", MetricType::Gauge,
     "When the first of the authorities that vouch for callers expires, in seconds since 1970."},
};

struct ProcessDeclaration {
  double OwnProcess::*value;
  const char* name;
  MetricType type;
  const char* help;
};
constexpr ProcessDeclaration process_declarations[] = {
    {&OwnProcess::cpu_seconds, "process_cpu_seconds_total", MetricType::Counter,
     "Seconds of CPU that the process has used, in user and system mode."},
    {&OwnProcess::start_time, "process_start_time_seconds", MetricType::Gauge,
     "When the process started, in seconds since 1970."},
    {&OwnProcess::resident_bytes, "process_resident_memory_bytes", MetricType::Gauge,
     "Resident memory, in bytes."},
    {&OwnProcess::virtual_bytes, "process_virtual_memory_bytes", MetricType::Gauge,
     "Virtual memory, in bytes."},
    {&OwnProcess::open_fds, "process_open_fds", MetricType::Gauge, "Open file descriptors."},
    {&OwnProcess::max_fds, "process_max_fds", MetricType::Gauge,
     "File descriptors that there may be."},
};

// The names of the codes in Go, which is what dashboards for gRPC look for.
constexpr std::array<const char*, CallMetrics::code_count> code_names = {
    "OK",       "Canceled",       "Unknown",          "InvalidArgument",   "DeadlineExceeded",
    "NotFound", "AlreadyExists",  "PermissionDenied", "ResourceExhausted", "FailedPrecondition",
    "Aborted",  "OutOfRange",     "Unimplemented",    "Internal",          "Unavailable",
    "DataLoss", "Unauthenticated"};

// Why a commit failed; what is in no other is "other".
constexpr std::pair<ErrorReason, const char*> failure_reasons[] = {
    {ErrorReason::kStoreUnavailable, "store_unavailable"},
    {ErrorReason::kDiskFull, "disk_full"},
    {ErrorReason::kTakenOver, "taken_over"},
};
constexpr char other_failure[] = "other";

Family<Counter>& CounterFamily(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

Family<Histogram>& HistogramFamily(prometheus::Registry& registry, const char* name,
                                   const char* help) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(registry);
}

prometheus::ClientMetric Value(MetricType type, double value) {
  prometheus::ClientMetric metric;
  (type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
  return metric;
}

// "/package.Service/Method" in two; what is none stays together.
std::pair<std::string, std::string> SplitMethod(std::string_view method) {
  if (!method.empty() && method.front() == '/') method.remove_prefix(1);
  const std::size_t slash = method.rfind('/');
  if (slash == std::string_view::npos) return {"", std::string(method)};
  return {std::string(method.substr(0, slash)), std::string(method.substr(slash + 1))};
}

}  // namespace

// What the registry has, and what is read at each scrape.
class Metrics::Shown final : public prometheus::Collectable {
 public:
  explicit Shown(std::shared_ptr<prometheus::Registry> registry) : registry_(std::move(registry)) {}

  void Read(ReadOut what, std::function<double()> read) {
    std::lock_guard lock(mutex_);
    reads_[what] = std::move(read);
  }

  std::vector<MetricFamily> Collect() const override {
    std::vector<MetricFamily> families = registry_->Collect();
    AddReadOuts(families);
    AddProcess(families);
    return families;
  }

 private:
  void AddReadOuts(std::vector<MetricFamily>& families) const {
    std::lock_guard lock(mutex_);
    for (const ReadOutDeclaration& declared : read_outs) {
      const auto read = reads_.find(declared.what);
      if (read == reads_.end() && declared.type != MetricType::Counter) continue;
      if (families.empty() || families.back().name != declared.name) {
        families.push_back({declared.name, declared.help, declared.type, {}});
      }
      auto metric = Value(declared.type, read == reads_.end() ? 0 : read->second());
      if (declared.stage != nullptr) metric.label.push_back({"stage", declared.stage});
      families.back().metric.push_back(std::move(metric));
    }
  }

  static void AddProcess(std::vector<MetricFamily>& families) {
    const OwnProcess status = ReadOwnProcess();
    for (const ProcessDeclaration& declared : process_declarations) {
      families.push_back({declared.name,
                          declared.help,
                          declared.type,
                          {Value(declared.type, status.*declared.value)}});
    }
  }

  const std::shared_ptr<prometheus::Registry> registry_;
  mutable std::mutex mutex_;
  std::map<ReadOut, std::function<double()>> reads_;  // Guarded by mutex_.
};

struct Metrics::Families {
  explicit Families(prometheus::Registry& registry)
      : started(CounterFamily(registry, "grpc_server_started_total",
                              "RPCs that were started on the server.")),
        handled(CounterFamily(registry, "grpc_server_handled_total",
                              "RPCs that have ended on the server, by their status code.")),
        received(CounterFamily(registry, "grpc_server_msg_received_total",
                               "Messages of RPCs that the server has received.")),
        sent(CounterFamily(registry, "grpc_server_msg_sent_total",
                           "Messages of RPCs that the server has sent.")),
        handling(HistogramFamily(registry, "grpc_server_handling_seconds",
                                 "How long RPCs took until the server ended them, in seconds.")),
        build(prometheus::BuildGauge()
                  .Name("provisioning_build_info")
                  .Help("1, with the program's version and the kind of its store.")
                  .Register(registry)),
        rows(CounterFamily(registry, "provisioning_rows_total",
                           "Rows that were answered, by outcome; replays and those that were only "
                           "validated included.")),
        replayed(CounterFamily(registry, "provisioning_replayed_rows_total",
                               "Rows that were answered again, from what the store holds.")
                     .Add({})),
        validated(CounterFamily(registry, "provisioning_validated_rows_total",
                                "Rows that were answered with validate_only.")
                      .Add({})),
        row_seconds(HistogramFamily(registry, "provisioning_row_seconds",
                                    "From when a row was received until its result was ready to be "
                                    "sent, in seconds.")
                        .Add({}, row_buckets)),
        hash_seconds(HistogramFamily(registry, "provisioning_hash_seconds",
                                     "How long a given password of an import took to be hashed, in "
                                     "seconds.")
                         .Add({}, hash_buckets)),
        commit_seconds(
            HistogramFamily(registry, "provisioning_commit_seconds",
                            "From when a batch was handed to the store until it was known what "
                            "became of it, in seconds.")
                .Add({}, commit_buckets)),
        commit_rows(HistogramFamily(registry, "provisioning_commit_rows",
                                    "Rows that a batch settled; of those that succeeded.")
                        .Add({}, commit_rows_buckets)),
        failures(CounterFamily(registry, "provisioning_commit_failures_total",
                               "Batches that could not be committed, or of which it is not known, "
                               "by reason.")),
        errors(CounterFamily(registry, "provisioning_errors_total",
                             "Calls, streams included, that ended with an error of this service, "
                             "by its reason.")) {
    for (int outcome = 1; outcome <= row_outcome_count; ++outcome) {
      of_outcome[static_cast<std::size_t>(outcome) - 1] =
          &rows.Add({{"outcome", std::string(RowOutcomeName(static_cast<RowOutcome>(outcome)))}});
    }
    for (const auto& [reason, name] : failure_reasons) {
      of_reason[reason] = &failures.Add({{"reason", name}});
    }
    other = &failures.Add({{"reason", other_failure}});
  }

  Family<Counter>& started;
  Family<Counter>& handled;
  Family<Counter>& received;
  Family<Counter>& sent;
  Family<Histogram>& handling;
  Family<prometheus::Gauge>& build;
  Family<Counter>& rows;
  Counter& replayed;
  Counter& validated;
  Histogram& row_seconds;
  Histogram& hash_seconds;
  Histogram& commit_seconds;
  Histogram& commit_rows;
  Family<Counter>& failures;
  Family<Counter>& errors;
  std::array<Counter*, row_outcome_count> of_outcome{};
  std::map<ErrorReason, Counter*> of_reason;
  Counter* other = nullptr;
};

Metrics::Metrics()
    : registry_(std::make_shared<prometheus::Registry>()),
      families_(std::make_unique<Families>(*registry_)),
      shown_(std::make_shared<Shown>(registry_)) {}

Metrics::~Metrics() = default;

void Metrics::SetBuild(const std::string& version, const std::string& store) {
  families_->build.Add({{"version", version}, {"store", store}}).Set(1);
}

void Metrics::Read(ReadOut what, std::function<double()> read) {
  shown_->Read(what, std::move(read));
}

std::shared_ptr<prometheus::Collectable> Metrics::collectable() const { return shown_; }

CallMetrics& Metrics::OfMethod(std::string_view method, std::string_view type) {
  std::lock_guard lock(mutex_);
  const auto found = methods_.find(method);
  if (found != methods_.end()) return found->second;
  const auto [service, name] = SplitMethod(method);
  const prometheus::Labels labels = {
      {"grpc_type", std::string(type)}, {"grpc_service", service}, {"grpc_method", name}};
  CallMetrics& metrics = methods_[std::string(method)];
  metrics.started_ = &families_->started.Add(labels);
  metrics.received_ = &families_->received.Add(labels);
  metrics.sent_ = &families_->sent.Add(labels);
  metrics.seconds_ = &families_->handling.Add(labels, call_buckets);
  for (int code = 0; code < CallMetrics::code_count; ++code) {
    prometheus::Labels with_code = labels;
    with_code["grpc_code"] = code_names[static_cast<std::size_t>(code)];
    metrics.handled_[static_cast<std::size_t>(code)] = &families_->handled.Add(with_code);
  }
  return metrics;
}

void Metrics::DeclareError(const std::string& reason) {
  std::lock_guard lock(mutex_);
  errors_[reason] = &families_->errors.Add({{"reason", reason}});
}

void Metrics::OnError(std::string_view reason) {
  std::lock_guard lock(mutex_);
  const auto found = errors_.find(reason);
  if (found != errors_.end()) found->second->Increment();
}

void Metrics::OnAnswered(const Answered& answered) {
  for (int outcome = 1; outcome <= row_outcome_count; ++outcome) {
    const std::int64_t rows = answered.rows[static_cast<RowOutcome>(outcome)];
    Counter& counter = *families_->of_outcome[static_cast<std::size_t>(outcome) - 1];
    if (rows > 0) counter.Increment(static_cast<double>(rows));
  }
  if (answered.replayed_rows > 0) {
    families_->replayed.Increment(static_cast<double>(answered.replayed_rows));
  }
  if (answered.validate_only) {
    families_->validated.Increment(static_cast<double>(answered.rows.total()));
  }
  // All at once: the histogram has a lock.
  std::vector<double> increments(row_buckets.size() + 1);
  double sum = 0;
  for (const Wait& wait : answered.waits) {
    const auto bucket = std::ranges::lower_bound(row_buckets, wait.time.count());
    const auto rows = static_cast<double>(wait.rows);
    increments[static_cast<std::size_t>(bucket - row_buckets.begin())] += rows;
    sum += rows * wait.time.count();
  }
  families_->row_seconds.ObserveMultiple(increments, sum);
}

void Metrics::OnCommitted(Seconds time, std::int64_t rows, const absl::Status& status) {
  families_->commit_seconds.Observe(time.count());
  if (status.ok()) return families_->commit_rows.Observe(static_cast<double>(rows));
  const auto reason = ReasonOf(status);
  const auto counter = reason ? families_->of_reason.find(*reason) : families_->of_reason.end();
  (counter == families_->of_reason.end() ? families_->other : counter->second)->Increment();
}

void Metrics::OnHashed(Seconds time) { families_->hash_seconds.Observe(time.count()); }

void CallMetrics::OnStarted() { started_->Increment(); }
void CallMetrics::OnReceived() { received_->Increment(); }
void CallMetrics::OnSent() { sent_->Increment(); }

void CallMetrics::OnHandled(int code, std::chrono::duration<double> time) {
  // A code that nobody knows is Unknown.
  const bool known = code >= 0 && code < code_count;
  handled_[known ? static_cast<std::size_t>(code) : 2]->Increment();
  seconds_->Observe(time.count());
}

}  // namespace provisioning
