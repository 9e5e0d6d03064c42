// SPDX-License-Identifier: Apache-2.0
// Kills the server with SIGKILL at random moments while callers import, starts it
// again, and holds what the callers were told against what must be and against
// what is in the store. First the check has to catch three broken twins.
//
//   COUNT=n kills (default 20), SEED=n (default: random, printed)

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/credential/credential_factory.h"
#include "service/model/secret_string.h"
#include "tests/fault/import_plan.h"
#include "tests/fault/ledger_caller.h"
#include "tests/fault/store_audit.h"
#include "tests/support/server_process.h"
#include "tests/support/temp_folder.h"

namespace provisioning {
namespace {

constexpr char given_password[] = "correct horse battery staple";
// Hashes that are verified in a run; each takes some 10 ms, more under ASan.
constexpr int given_passwords_verified_max = 60;

// A twin's run ends with the first finding; one that gets this far was missed.
constexpr int twin_kills_max = 100;

std::uint64_t Seed() {
  static const std::uint64_t seed = [] {
    const char* text = std::getenv("SEED");
    const std::uint64_t value =
        text != nullptr ? std::strtoull(text, nullptr, 10) : std::random_device{}();
    printf("SEED=%llu\n", static_cast<unsigned long long>(value));
    return value;
  }();
  return seed;
}

int KillCount() {
  const char* text = std::getenv("COUNT");
  return text != nullptr ? std::atoi(text) : 20;
}

// One import that ran, for the audit.
struct DoneImport {
  PlanKind kind;
  ImportPlan plan;
  std::vector<v1::RowResult> results;
};

// A server that is killed again and again, and callers that do not mind.
class KillRun {
 public:
  // `command`: the program and its first argument.
  KillRun(std::vector<std::string> command, std::uint64_t seed)
      : command_(std::move(command)), random_(seed) {}

  // Ends after `kills`, or with the first thing that is wrong.
  void Run(int kills);

  const std::vector<std::string>& findings() const { return findings_; }
  std::string Report() const;

 private:
  void StartServer(const std::string& listen);
  void Import(PlanKind kind);
  void ImportRepeatedly(PlanKind kind);
  void Find(std::string finding);
  void Audit();
  std::vector<DoneImport>::reverse_iterator LastOf(PlanKind kind) {
    return std::find_if(done_.rbegin(), done_.rend(),
                        [kind](const DoneImport& done) { return done.kind == kind; });
  }
  void AuditOutcomes(const DoneImport& done);
  void AuditUpdates(const std::map<std::string, std::string>& last_names);
  void AuditPasswords(const DoneImport& done,
                      const std::map<std::string, std::string>& credentials);
  std::uint64_t Random() {
    std::lock_guard lock(mutex_);
    return random_();
  }

  const std::vector<std::string> command_;
  TempFolder folder_;
  std::unique_ptr<ServerProcess> server_;
  std::atomic<bool> kills_done_ = false;
  std::atomic<bool> give_up_ = false;
  int kills_ = 0;
  int forgotten_messages_ = 0;
  std::int64_t rows_ = 0;
  std::int64_t replayed_ = 0;
  int passwords_verified_ = 0;
  absl::Time started_ = absl::Now();

  std::mutex mutex_;
  std::mt19937_64 random_;             // Guarded by mutex_.
  std::string address_;                // Guarded by mutex_.
  std::map<PlanKind, int> sequences_;  // Guarded by mutex_.
  std::vector<DoneImport> done_;       // Guarded by mutex_.
  std::vector<std::string> findings_;  // Guarded by mutex_.
};

void KillRun::StartServer(const std::string& listen) {
  std::vector<std::string> arguments = command_;
  for (const std::string& argument : {std::string("--listen"), listen, std::string("--store"),
                                      "sqlite:" + folder_.File("clients.db")}) {
    arguments.push_back(argument);
  }
  if (command_.size() == 2 && command_[1] == "serve") arguments.push_back("--insecure-loopback");
  server_ = std::make_unique<ServerProcess>(arguments);
  const std::string address = server_->WaitForAddress();
  if (address.empty()) Find("the server does not start: " + server_->log());
  std::lock_guard lock(mutex_);
  address_ = address;
}

void KillRun::Find(std::string finding) {
  std::lock_guard lock(mutex_);
  if (findings_.size() < 20) findings_.push_back(std::move(finding));
  give_up_ = true;
}

void KillRun::Import(PlanKind kind) {
  DoneImport done{kind, {}, {}};
  std::uint64_t seed = 0;
  {
    std::lock_guard lock(mutex_);
    done.plan = MakePlan(kind, ++sequences_[kind], random_);
    seed = random_();
  }
  LedgerCaller caller(
      done.plan, folder_.File(absl::StrCat("ledger-", done.plan.start.import_id())),
      [this] {
        std::lock_guard lock(mutex_);
        return address_;
      },
      give_up_, seed);
  if (auto wrong = caller.Run()) Find(*wrong);
  done.results = caller.ledger().results();
  std::lock_guard lock(mutex_);
  forgotten_messages_ += caller.forgotten_messages();
  if (caller.complete()) done_.push_back(std::move(done));
}

void KillRun::ImportRepeatedly(PlanKind kind) {
  while (!kills_done_ && !give_up_) Import(kind);
}

void KillRun::Run(int kills) {
  StartServer("127.0.0.1:0");
  const std::string listen = server_->WaitForAddress();
  {
    ImportPlan plan = PlanOldClients(random_);
    LedgerCaller caller(
        plan, folder_.File("ledger-old"), [&] { return listen; }, give_up_, random_());
    if (auto wrong = caller.Run()) return Find("before any kill: " + *wrong);
  }
  std::vector<std::thread> callers;
  for (const PlanKind kind : {PlanKind::kGenerated, PlanKind::kProvided, PlanKind::kUpdate,
                              PlanKind::kReissue, PlanKind::kGenerated}) {
    callers.emplace_back([this, kind] { ImportRepeatedly(kind); });
  }
  while (kills_ < kills && !give_up_) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20 + Random() % 400));
    server_->Kill();
    ++kills_;
    StartServer(listen);
  }
  kills_done_ = true;
  for (std::thread& caller : callers) caller.join();
  server_->Kill();
  if (findings_.empty()) Audit();
}

void KillRun::Audit() {
  const StoreAudit audit(folder_.File("clients.db"));
  const auto credentials = audit.Credentials();
  std::int64_t expected_clients = old_client_count;
  for (const DoneImport& done : done_) {
    AuditOutcomes(done);
    AuditPasswords(done, credentials);
    for (const ImportPlan::Row& row : done.plan.rows) {
      expected_clients += row.outcome == v1::ROW_OUTCOME_CREATED ? 1 : 0;
    }
  }
  AuditUpdates(audit.LastNames());
  if (audit.client_count() != expected_clients) {
    Find(absl::StrCat(audit.client_count(), " clients instead of ", expected_clients));
  }
}

void KillRun::AuditOutcomes(const DoneImport& done) {
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
void KillRun::AuditUpdates(const std::map<std::string, std::string>& last_names) {
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
void KillRun::AuditPasswords(const DoneImport& done,
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

std::string KillRun::Report() const {
  return absl::StrCat(kills_, " kills, ", done_.size(), " imports, ", rows_, " rows, ", replayed_,
                      " answered as replays, ", forgotten_messages_, " messages forgotten, ",
                      absl::ToInt64Seconds(absl::Now() - started_), " s, ", findings_.size(),
                      " findings");
}

void ExpectCaught(const std::string& twin) {
  KillRun run({TWIN_PROGRAM, twin}, Seed());
  run.Run(twin_kills_max);
  printf("%s: %s\n", twin.c_str(), run.Report().c_str());
  for (const std::string& finding : run.findings()) printf("  %s\n", finding.c_str());
  EXPECT_THAT(run.findings(), testing::Not(testing::IsEmpty()))
      << "the check does not catch this fault";
}

TEST(TwinTest, AnswersBeforeItCommits) { ExpectCaught("early-answers"); }

TEST(TwinTest, MovesTheSettledRowInATransactionOfItsOwn) { ExpectCaught("separate-settled-row"); }

TEST(TwinTest, AnswersOutOfOrder) { ExpectCaught("reorder"); }

TEST(KillTest, NothingIsLostDoubledReorderedOrMisreported) {
  KillRun run({SERVER_PROGRAM, "serve"}, Seed());
  run.Run(KillCount());
  printf("%s\n", run.Report().c_str());
  EXPECT_THAT(run.findings(), testing::IsEmpty());
}

}  // namespace
}  // namespace provisioning
