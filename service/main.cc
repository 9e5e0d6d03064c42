// SPDX-License-Identifier: Apache-2.0
// provisiond: flags -> config -> serve.

#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "service/server/serve_command.h"
#include "service/server/serve_config.h"
#include "spdlog/sinks/stdout_color_sinks.h"
#include "spdlog/spdlog.h"

namespace {

// Passwords are in memory: it must not reach a disk.
void DisableCoreDumps() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0);
}

// Left alone, glibc learns to keep the large blocks of a commit on the heap, where
// they leave holes; so they are mapped, and given back. And it gives each thread a
// heap of its own, of which each grows to what its thread once needed, while rows
// are made on one thread and freed on another.
void KeepHeapSmall() {
  mallopt(M_MMAP_THRESHOLD, 128 << 10);
  mallopt(M_TRIM_THRESHOLD, 32 << 20);
  mallopt(M_ARENA_MAX, 2);
}

}  // namespace

int main(int argc, char** argv) {
  // Debian builds gRPC with deadlock detection on, which makes every lock dear.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  KeepHeapSmall();
  DisableCoreDumps();
  provisioning::BlockSignals();
  spdlog::set_default_logger(spdlog::stderr_color_mt("provisiond"));
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
  spdlog::flush_on(spdlog::level::info);

  CLI::App app{"provisiond: turns rows of a spreadsheet into accounts, over gRPC"};
  app.require_subcommand(1);
  app.set_version_flag("--version", PROVISIONING_VERSION);
  provisioning::ServeConfig config;
  std::string hash_cost = "m=7168,t=5";
  CLI::App* serve = app.add_subcommand("serve", "Serve imports until SIGTERM");
  serve->add_option("--listen", config.listen, "HOST:PORT; port 0 takes a free one and prints it")
      ->required();
  serve->add_option("--store", config.store, "sqlite:PATH; the file is made if it is missing")
      ->required();
  serve->add_flag("--insecure-loopback", config.insecure_loopback,
                  "Plaintext on a loopback address, for development");
  serve
      ->add_option("--hash-threads", config.hash_threads,
                   "Threads that hash given passwords; 0: one for each usable CPU")
      ->check(CLI::Range(0, 1024));
  serve
      ->add_option("--hash-cost", hash_cost,
                   "Argon2id, a row of OWASP's table: m=47104,t=1 m=19456,t=2 m=12288,t=3 "
                   "m=9216,t=4 m=7168,t=5")
      ->capture_default_str();
  std::int64_t keepalive_time = config.keepalive_time / absl::Seconds(1);
  std::int64_t keepalive_timeout = config.keepalive_timeout / absl::Seconds(1);
  serve
      ->add_option("--keepalive-time", keepalive_time,
                   "Seconds without a word from a caller until it is asked for a sign of life")
      ->check(CLI::Range(1, 86'400))
      ->capture_default_str();
  serve
      ->add_option("--keepalive-timeout", keepalive_timeout,
                   "Seconds that it has for it; then its connection and its streams are ended")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
  serve
      ->add_option("--failures-max", config.failures_max,
                   "Consecutive wrong passwords until an address is locked (NIST SP 800-63B: at "
                   "most 100)")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  serve
      ->add_option("--new-password-characters-min", config.new_password_characters_min,
                   "Characters that a client's own password needs")
      ->check(CLI::Range(provisioning::limits::password_characters_min, 64))
      ->capture_default_str();
  std::int64_t ttl_min = config.temporary_password_ttl_min / absl::Seconds(1);
  serve
      ->add_option("--ttl-min", ttl_min,
                   "Seconds that temporary passwords must work at least; nobody may ask for less")
      ->check(CLI::Range(1, 90 * 24 * 3600))
      ->capture_default_str();
  std::vector<std::string> shares;
  serve->add_option(
      "--organization-share", shares,
      "ORGANIZATION=SHARE: of hashing and commits, when organizations want more than "
      "there is, so many times what the others have (0.01 to 100); again for the next");
  CLI11_PARSE(app, argc, argv);

  const auto cost = provisioning::HashCost::Parse(hash_cost);
  if (!cost) {
    spdlog::error("--hash-cost {}: must be a row of OWASP's table, see --help", hash_cost);
    return 2;
  }
  config.hash_cost = *cost;
  config.keepalive_time = absl::Seconds(keepalive_time);
  config.keepalive_timeout = absl::Seconds(keepalive_timeout);
  config.temporary_password_ttl_min = absl::Seconds(ttl_min);
  for (const std::string& share : shares) {
    if (const auto status = provisioning::AddShare(share, config.shares); !status.ok()) {
      spdlog::error("{}", std::string(status.message()));
      return 2;
    }
  }
  return provisioning::Serve(config);
}
