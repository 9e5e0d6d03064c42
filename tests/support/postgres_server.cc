// SPDX-License-Identifier: Apache-2.0
#include "tests/support/postgres_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "tests/support/poll_until.h"
#include "tests/support/postgres_program.h"
#include "tests/support/postgres_session.h"
#include "tests/support/require.h"

namespace provisioning {
namespace {

const std::string maintenance = "postgres";

bool IsFree(int port) {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  Require(descriptor >= 0, "socket");
  // As the server does: what is left of ended connections is no hindrance.
  const int on = 1;
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  const bool free = bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  close(descriptor);
  return free;
}

// Below those that the system gives to who asks for port 0, so that the port is
// still free after Stop.
int FreePort() {
  std::random_device random;
  std::uniform_int_distribution<int> ports(15'000, 32'000);
  for (int tries = 0; tries < 1'000; ++tries) {
    const int port = ports(random);
    if (IsFree(port)) return port;
  }
  EndForLackOfPostgres("no port is free");
}

void WriteFile(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
  file.close();
  Require(file.good(), path.c_str());
  GiveToPostgres(path);
}

std::vector<std::string> LinesOf(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

// What the postmaster says of itself in its file: its id in the first line, in
// the eighth how far it is.
bool IsReady(const std::string& pid_file, pid_t id) {
  const std::vector<std::string> lines = LinesOf(pid_file);
  return lines.size() >= 8 && lines[0] == std::to_string(id) && absl::StartsWith(lines[7], "ready");
}

std::string Quoted(const std::string& value) { return absl::StrCat("'", value, "'"); }

}  // namespace

PostgresServer::PostgresServer(const Options& options) {
  GiveToPostgres(folder_.path());
  RunProgram({PostgresProgram("initdb"), "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8",
              "--auth=trust", "--username=postgres", "--pgdata=" + data()},
             folder_.path());
  std::ofstream(data() + "/postgresql.conf", std::ios::app)
      << absl::StrJoin(options.settings, "\n") << "\n";
  Launch();
}

PostgresServer::PostgresServer(PostgresServer& primary, const std::string& name)
    : primary_conninfo_(absl::StrCat(primary.Url(), "?application_name=", name)) {
  GiveToPostgres(folder_.path());
  RunProgram(
      {PostgresProgram("pg_basebackup"), "--no-sync", "--checkpoint=fast", "--wal-method=stream",
       "--create-slot", "--slot=" + name, "--dbname=" + primary.Url(), "--pgdata=" + data()},
      folder_.path());
  // In place of what the copied server was told by its clients.
  WriteFile(data() + "/postgresql.auto.conf",
            absl::StrCat("primary_conninfo=", Quoted(primary_conninfo_), "\nprimary_slot_name=",
                         Quoted(name), "\nwal_retrieve_retry_interval='100ms'\n"));
  WriteFile(data() + "/standby.signal", "");
  Launch();
}

PostgresServer::~PostgresServer() {
  process_.reset();
  ForgetCrash();
}

std::string PostgresServer::address() const { return absl::StrCat("127.0.0.1:", port_); }

std::string PostgresServer::Url(const std::string& database) const {
  return absl::StrCat("postgresql://postgres@", address(), "/", database);
}

std::string PostgresServer::NewDatabase() {
  const std::string name = absl::StrCat("test_", ++databases_);
  Execute(maintenance, absl::StrCat("CREATE DATABASE ", name));
  return Url(name);
}

std::vector<std::string> PostgresServer::Read(const std::string& database, const std::string& sql) {
  const bool is_url = absl::StrContains(database, "://");
  return PostgresSession(is_url ? database : Url(database)).Read(sql);
}

void PostgresServer::Execute(const std::string& database, const std::string& sql) {
  (void)Read(database, sql);
}

std::string PostgresServer::ReadCell(const std::string& database, const std::string& sql) {
  const std::vector<std::string> lines = Read(database, sql);
  return lines.empty() ? "" : lines.front();
}

std::vector<pid_t> PostgresServer::ClientBackends() {
  std::vector<pid_t> ids;
  for (const std::string& line :
       Read(maintenance,
            "SELECT pid FROM pg_stat_activity "
            "WHERE backend_type='client backend' AND pid<>pg_backend_pid() ORDER BY pid")) {
    ids.push_back(std::atoi(line.c_str()));
  }
  return ids;
}

void PostgresServer::TerminateBackend(pid_t id) {
  Execute(maintenance, absl::StrCat("SELECT pg_terminate_backend(", id, ", 60000)"));
}

int PostgresServer::TerminateBackends() {
  const std::vector<pid_t> ids = ClientBackends();
  for (const pid_t id : ids) TerminateBackend(id);
  return static_cast<int>(ids.size());
}

void PostgresServer::Stop() {
  if (!process_) return;
  process_->Thaw();
  process_->Signal(SIGINT);
  if (!process_->WaitForEnd(absl::Seconds(120))) {
    EndForLackOfPostgres("it does not stop", folder_.path());
  }
  process_.reset();
}

void PostgresServer::Start() {
  if (!process_) Launch();
}

void PostgresServer::Kill() {
  if (!process_) return;
  process_->Kill();
  process_.reset();
  ForgetCrash();
}

void PostgresServer::Freeze() { process_->Freeze(); }

void PostgresServer::Thaw() { process_->Thaw(); }

void PostgresServer::Launch() {
  const bool may_choose = port_ == 0;
  const auto launched = [&] {
    if (may_choose) port_ = FreePort();
    return TryToLaunch();
  };
  if (!PollUntil(launched)) EndForLackOfPostgres("its port stays taken", folder_.path());
}

bool PostgresServer::TryToLaunch() {
  const std::string pid_file = data() + "/postmaster.pid";
  const std::uintmax_t log_size = std::filesystem::file_size(folder_.File("log"));
  // Shared memory in files: nothing of it outlives the folder.
  process_.emplace(
      std::vector<std::string>{PostgresProgram("postgres"), "-D", data(), "-c",
                               absl::StrCat("port=", port_), "-c", "listen_addresses=127.0.0.1",
                               "-c", "unix_socket_directories=" + folder_.path(), "-c",
                               "dynamic_shared_memory_type=mmap"},
      folder_.path());
  bool ended = false;
  const bool told = PollUntil([&] {
    ended = process_->WaitForEnd(absl::ZeroDuration());
    return ended || IsReady(pid_file, process_->id());
  });
  if (told && !ended) return true;
  std::ifstream log(folder_.File("log"));
  log.seekg(static_cast<std::streamoff>(log_size));
  const std::string said((std::istreambuf_iterator<char>(log)), {});
  if (!ended || !absl::StrContains(said, "Address already in use")) {
    EndForLackOfPostgres("it does not start", folder_.path());
  }
  process_.reset();
  return false;
}

// What a killed server leaves outside of its folder; and the ids of its
// processes, which may be others' by now.
void PostgresServer::ForgetCrash() {
  const std::string pid_file = data() + "/postmaster.pid";
  const std::vector<std::string> lines = LinesOf(pid_file);
  if (lines.size() >= 7) {
    const std::vector<std::string> key_and_id =
        absl::StrSplit(lines[6], ' ', absl::SkipWhitespace());
    if (key_and_id.size() == 2) shmctl(std::atoi(key_and_id[1].c_str()), IPC_RMID, nullptr);
  }
  std::filesystem::remove(pid_file);
  std::filesystem::remove(folder_.File(absl::StrCat(".s.PGSQL.", port_, ".lock")));
}

std::unique_ptr<PostgresServer> PostgresServer::MakeStandby(Standby standby) {
  const std::string name = absl::StrCat("standby_", ++standbys_);
  std::unique_ptr<PostgresServer> copy(new PostgresServer(*this, name));
  if (standby.synchronous) {
    synchronous_standbys_.push_back(name);
    Set("synchronous_standby_names", absl::StrCat("FIRST ", synchronous_standbys_.size(), " (",
                                                  absl::StrJoin(synchronous_standbys_, ", "), ")"));
  }
  Wait(absl::StrCat("SELECT sync_state FROM pg_stat_replication WHERE state='streaming' AND "
                    "application_name=",
                    Quoted(name)),
       standby.synchronous ? "sync" : "async");
  return copy;
}

void PostgresServer::Promote() {
  Execute(maintenance, "SELECT pg_promote(true, 60)");
  Wait("SELECT pg_is_in_recovery()", "f");
  primary_conninfo_.clear();
}

void PostgresServer::StopWalReceiver() {
  Set("primary_conninfo", "");
  Wait("SELECT count(*) FROM pg_stat_wal_receiver", "0");
}

void PostgresServer::ResumeWalReceiver() {
  Set("primary_conninfo", primary_conninfo_);
  Wait("SELECT status FROM pg_stat_wal_receiver", "streaming");
}

// Two commands: ALTER SYSTEM cannot stand beside another one.
void PostgresServer::Set(const std::string& name, const std::string& value) {
  PostgresSession session(Url());
  session.Execute(absl::StrCat("ALTER SYSTEM SET ", name, "=", Quoted(value)));
  session.Execute("SELECT pg_reload_conf()");
}

void PostgresServer::Wait(const std::string& sql, const std::string& answer) {
  PostgresSession session(Url());
  if (!PollUntil([&] { return session.ReadCell(sql) == answer; })) {
    EndForLackOfPostgres(absl::StrCat("not ", answer, ": ", sql), folder_.path());
  }
}

}  // namespace provisioning
