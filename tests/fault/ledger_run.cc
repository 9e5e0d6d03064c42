// SPDX-License-Identifier: Apache-2.0
#include "tests/fault/ledger_run.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <thread>

#include "absl/strings/str_cat.h"
#include "service/credential/credential_factory.h"
#include "service/model/secret_string.h"
#include "tests/support/process_status.h"

namespace provisioning {
namespace {

constexpr char given_password[] = "correct horse battery staple";
// Hashes that are verified in a run; each takes some 10 ms, more under ASan.
constexpr int given_passwords_verified_max = 60;

}  // namespace

std::uint64_t FaultSeed() {
  static const std::uint64_t seed = [] {
    const char* text = std::getenv("SEED");
    const std::uint64_t value =
        text != nullptr ? std::strtoull(text, nullptr, 10) : std::random_device{}();
    std::printf("SEED=%llu\n", static_cast<unsigned long long>(value));
    return value;
  }();
  return seed;
}

int FaultCount(int otherwise) {
  const char* text = std::getenv("COUNT");
  return text != nullptr ? std::atoi(text) : otherwise;
}

LedgerRun::LedgerRun(const Options& options)
    : options_(options),
      servers_(static_cast<std::size_t>(options.servers)),
      random_(options.seed),
      addresses_(static_cast<std::size_t>(options.servers)) {}

LedgerRun::~LedgerRun() = default;

std::uint64_t LedgerRun::Random() {
  std::lock_guard lock(mutex_);
  return random_();
}

std::vector<LedgerRun::DoneImport>::reverse_iterator LedgerRun::LastOf(PlanKind kind) {
  return std::find_if(done_.rbegin(), done_.rend(),
                      [kind](const DoneImport& done) { return done.kind == kind; });
}

void LedgerRun::StartServer(std::size_t index, const std::string& listen) {
  std::vector<std::string> arguments = options_.command;
  for (const std::string& argument :
       {std::string("--listen"), listen, std::string("--store"), options_.store}) {
    arguments.push_back(argument);
  }
  if (arguments[1] == "serve") arguments.push_back("--insecure-loopback");
  servers_[index] = std::make_unique<ServerProcess>(arguments);
  const std::string address = servers_[index]->WaitForAddress();
  if (address.empty()) Find("the server does not start: " + servers_[index]->log());
  std::lock_guard lock(mutex_);
  addresses_[index] = address;
}

void LedgerRun::KillServer(std::size_t index) {
  servers_[index]->Kill();
  StartServerAgain(index);
}

void LedgerRun::RollServer(std::size_t index) {
  const absl::Time begin = absl::Now();
  const auto exit_code = servers_[index]->Terminate();
  slowest_drain_ = std::max(slowest_drain_, absl::Now() - begin);
  if (exit_code != 0) Find("the server does not drain: " + servers_[index]->log());
  StartServerAgain(index);
}

void LedgerRun::StartServerAgain(std::size_t index) {
  std::string address;
  {
    std::lock_guard lock(mutex_);
    address = addresses_[index];
  }
  StartServer(index, address);
}

std::string LedgerRun::Address() {
  std::lock_guard lock(mutex_);
  return addresses_[random_() % addresses_.size()];
}

void LedgerRun::Find(std::string finding) {
  std::lock_guard lock(mutex_);
  if (findings_.size() < 20) findings_.push_back(std::move(finding));
  give_up_ = true;
}

void LedgerRun::Import(PlanKind kind) {
  DoneImport done{kind, {}, {}};
  std::uint64_t seed = 0;
  {
    std::lock_guard lock(mutex_);
    done.plan = MakePlan(kind, ++sequences_[kind], random_);
    seed = random_();
  }
  LedgerCaller caller(done.plan, folder_.File(absl::StrCat("ledger-", done.plan.start.import_id())),
                      {.address = [this] { return Address(); },
                       .servers_live = options_.servers_live,
                       .seed = seed},
                      give_up_);
  if (auto wrong = caller.Run()) Find(*wrong);
  done.results = caller.ledger().results();
  std::lock_guard lock(mutex_);
  forgotten_messages_ += caller.forgotten_messages();
  broken_streams_ += caller.broken_streams();
  if (caller.complete()) done_.push_back(std::move(done));
}

void LedgerRun::ImportRepeatedly(PlanKind kind) {
  while (!faults_done_ && !give_up_) Import(kind);
}

void LedgerRun::Run(int faults, const std::function<void()>& fault) {
  for (std::size_t i = 0; i < servers_.size(); ++i) StartServer(i, "127.0.0.1:0");
  {
    ImportPlan plan = PlanOldClients(random_);
    LedgerCaller caller(plan, folder_.File("ledger-old"),
                        {.address = [this] { return Address(); }, .seed = random_()}, give_up_);
    if (auto wrong = caller.Run()) return Find("before any fault: " + *wrong);
  }
  const std::int64_t resident_before = ReadProcessStatus(servers_.front()->id()).resident_bytes;
  std::vector<std::thread> callers;
  for (const PlanKind kind : {PlanKind::kGenerated, PlanKind::kProvided, PlanKind::kUpdate,
                              PlanKind::kReissue, PlanKind::kGenerated}) {
    callers.emplace_back([this, kind] { ImportRepeatedly(kind); });
  }
  while (faults_ < faults && !give_up_) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20 + Random() % 400));
    fault();
    ++faults_;
  }
  faults_done_ = true;
  for (std::thread& caller : callers) caller.join();
  growth_bytes_ = ReadProcessStatus(servers_.front()->id()).resident_bytes - resident_before;
  for (const auto& server : servers_) server->Kill();
  Audit();
}

void LedgerRun::Audit() {
  const StoreAudit audit = options_.audit();
  const bool all_complete = !give_up_;
  std::int64_t expected_clients = old_client_count;
  for (const DoneImport& done : done_) {
    AuditOutcomes(done);
    AuditPasswords(done, audit.credentials);
    for (const ImportPlan::Row& row : done.plan.rows) {
      expected_clients += row.outcome == v1::ROW_OUTCOME_CREATED ? 1 : 0;
    }
  }
  AuditUpdates(audit.last_names);
  if (all_complete && std::ssize(audit.credentials) != expected_clients) {
    Find(absl::StrCat(audit.credentials.size(), " clients instead of ", expected_clients));
  }
}

void LedgerRun::AuditOutcomes(const DoneImport& done) {
  for (std::size_t i = 0; i < done.plan.rows.size(); ++i) {
    const ImportPlan::Row& row = done.plan.rows[i];
    const v1::RowResult& result = done.results[i];
    ++rows_;
    replayed_ += result.replayed() ? 1 : 0;
    if (result.outcome() != row.outcome || result.first_row_number() != row.first_row_number) {
      Find(absl::StrCat("row ", result.row_number(), " of ", done.plan.start.import_id(), ": ",
                        v1::RowOutcome_Name(result.outcome()), " (first row ",
                        result.first_row_number(), ") instead of ",
                        v1::RowOutcome_Name(row.outcome), " (", row.first_row_number, ")",
                        result.replayed() ? ", replayed" : ""));
    }
  }
}

// The names are those of the last update.
void LedgerRun::AuditUpdates(const std::map<std::string, std::string>& last_names) {
  const auto last = LastOf(PlanKind::kUpdate);
  if (last == done_.rend()) return;
  for (const ImportPlan::Row& row : last->plan.rows) {
    const auto stored = last_names.find(row.row.email_address());
    if (stored == last_names.end() || stored->second != row.row.last_name()) {
      Find(absl::StrCat("the update of ", row.row.email_address(), " is not there"));
    }
  }
}

// Every line has a password that works, or says why not. Of the reissues only the
// last import counts: each makes the passwords of the one before void.
void LedgerRun::AuditPasswords(const DoneImport& done,
                               const std::map<std::string, std::string>& credentials) {
  if (done.kind == PlanKind::kUpdate) return;
  if (done.kind == PlanKind::kReissue && &done != &*LastOf(PlanKind::kReissue)) return;
  for (const v1::RowResult& result : done.results) {
    if (result.outcome() != v1::ROW_OUTCOME_CREATED &&
        result.outcome() != v1::ROW_OUTCOME_REISSUED) {
      continue;
    }
    const auto credential = credentials.find(result.email_address());
    if (credential == credentials.end()) {
      Find(absl::StrCat("lost: ", result.email_address()));
      continue;
    }
    const bool given = done.kind == PlanKind::kProvided;
    if (given && passwords_verified_ >= given_passwords_verified_max) continue;
    if (given) ++passwords_verified_;
    const SecretString password(given ? given_password : result.temporary_password());
    if (!VerifyCredential(credential->second, password)) {
      Find(absl::StrCat("row ", result.row_number(), ": the password of ", result.email_address(),
                        " does not work"));
    }
  }
}

std::string LedgerRun::Report() const {
  return absl::StrCat(faults_, " faults, ", done_.size(), " imports, ", rows_, " rows, ",
                      broken_streams_, " streams broken, ", replayed_,
                      " rows answered as replays, ", forgotten_messages_, " messages forgotten, ",
                      absl::ToInt64Seconds(absl::Now() - started_), " s, memory ",
                      growth_bytes_ / 1024, " KiB more, ", findings_.size(), " findings");
}

}  // namespace provisioning
