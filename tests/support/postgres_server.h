// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/postgres_process.h"
#include "tests/support/temp_folder.h"

namespace provisioning {

// A real PostgreSQL of the test's own, as installed by Debian's package, with
// fsync on. It listens on a port of 127.0.0.1, and on a socket in its folder.
// Goes with the object, and dies when this process is killed. Nothing waits for
// ever: when the server does not do its part in a minute, the test ends. One
// thread at a time, but for Url and address.
class PostgresServer {
 public:
  struct Options {
    // `name=value` each, as in postgresql.conf.
    std::vector<std::string> settings;
  };
  struct Standby {
    // Commits of this server wait until it has them, for as long as there is
    // one; see synchronous_commit.
    bool synchronous = false;
  };

  PostgresServer() : PostgresServer(Options{}) {}
  explicit PostgresServer(const Options& options);
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  // 127.0.0.1:PORT, the same as long as the object lives.
  std::string address() const;
  // postgresql://postgres@127.0.0.1:PORT/DATABASE
  std::string Url(const std::string& database = "postgres") const;
  // The URL of a new, empty database.
  std::string NewDatabase();

  // A look into a database, given by its name or URL, on a connection of its own;
  // see PostgresSession. What goes wrong fails the test.
  void Execute(const std::string& database, const std::string& sql);
  std::vector<std::string> Read(const std::string& database, const std::string& sql);
  std::string ReadCell(const std::string& database, const std::string& sql);

  // The processes that serve clients now, in any database.
  std::vector<pid_t> ClientBackends();
  // The postmaster; only while the server runs.
  pid_t process_id() const { return process_->id(); }
  // As an administrator would, with SQLSTATE 57P01; return when they are gone.
  void TerminateBackend(pid_t id);
  // How many there were.
  int TerminateBackends();

  // Fast shutdown: clients are thrown out, everything is written.
  void Stop();
  // After Stop or Kill; returns when clients are served.
  void Start();
  // All its processes die at once: what was committed is in the log alone.
  void Kill();
  // Nothing answers, and nothing is lost, until Thaw: the kernel still takes
  // connections and bytes.
  void Freeze();
  void Thaw();

  // A copy that follows this server; returns when it does. May outlive it.
  std::unique_ptr<PostgresServer> MakeStandby(Standby standby = {.synchronous = false});
  // Of a standby: it becomes a server of its own; returns when it can be written.
  void Promote();
  // Of a standby: it hears nothing any more, until ResumeWalReceiver.
  void StopWalReceiver();
  void ResumeWalReceiver();

 private:
  // The copy of another one.
  PostgresServer(PostgresServer& primary, const std::string& name);

  void Launch();
  // False: its port was taken meanwhile.
  bool TryToLaunch();
  void ForgetCrash();
  std::string data() const { return folder_.File("data"); }
  void Set(const std::string& name, const std::string& value);
  // Until the first line of what it reads is this.
  void Wait(const std::string& sql, const std::string& answer);

  const TempFolder folder_;
  int port_ = 0;  // Fixed by the constructor.
  int databases_ = 0;
  int standbys_ = 0;
  std::vector<std::string> synchronous_standbys_;
  std::string primary_conninfo_;  // Empty: no standby.
  std::optional<PostgresProcess> process_;
};

}  // namespace provisioning
