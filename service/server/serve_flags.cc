// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "service/server/command.h"
#include "service/server/config_check.h"
#include "service/server/serve_command.h"
#include "service/server/usage_error.h"
#include "spdlog/spdlog.h"

namespace provisioning {
namespace {

struct ServeFlags {
  ServeConfig config;
  std::string hash_cost = "m=7168,t=5";
  std::int64_t keepalive_time = config.keepalive_time / absl::Seconds(1);
  std::int64_t keepalive_timeout = config.keepalive_timeout / absl::Seconds(1);
  std::int64_t drain_delay = config.drain_delay / absl::Seconds(1);
  std::int64_t drain_timeout = config.drain_timeout / absl::Seconds(1);
  std::int64_t stream_idle_timeout = config.stream_idle_timeout / absl::Seconds(1);
  std::int64_t ttl_min = config.temporary_password_ttl_min / absl::Seconds(1);
  std::vector<std::string> shares;
};

void AddListening(CLI::App& serve, ServeFlags& flags) {
  serve
      .add_option("--listen", flags.config.listen,
                  "HOST:PORT; port 0 takes a free one and prints it")
      ->required();
  AddStoreFlags(serve, flags.config.store);
  serve.add_flag("--insecure-loopback", flags.config.insecure_loopback,
                 "Plaintext on a loopback address, for development");
  AddTrustFlags(serve, flags.config.trust);
  serve
      .add_option("--keepalive-time", flags.keepalive_time,
                  "Seconds without a word from a caller until it is asked for a sign of life")
      ->check(CLI::Range(1, 86'400))
      ->capture_default_str();
  serve
      .add_option("--keepalive-timeout", flags.keepalive_timeout,
                  "Seconds that it has for it; then its connection and its streams are ended")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
  serve
      .add_option("--connections-max", flags.config.connections_max,
                  "Connections at a time; more are refused. 0: as many as the limit of open files "
                  "(ulimit -Hn) leaves room for, which bounds it in any case")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
  serve
      .add_option("--stream-idle-timeout", flags.stream_idle_timeout,
                  "Seconds without a message from a caller whose rows are all answered, until its "
                  "stream is ended (it may resume); 0: never")
      ->check(CLI::Range(0, 86'400))
      ->capture_default_str();
}

void AddDrain(CLI::App& serve, ServeFlags& flags) {
  serve
      .add_option("--drain-delay", flags.drain_delay,
                  "Seconds at SIGTERM that it serves on while its health says NOT_SERVING, so that "
                  "balancers look elsewhere; a second SIGTERM ends them")
      ->check(CLI::Range(0, 600))
      ->capture_default_str();
  serve
      .add_option(
          "--drain-timeout", flags.drain_timeout,
          "Seconds after that in which streams are answered and ended; then the rest is cut")
      ->check(CLI::Range(1, 600))
      ->capture_default_str();
}

void AddHashing(CLI::App& serve, ServeFlags& flags) {
  serve
      .add_option("--hash-threads", flags.config.hash_threads,
                  "Threads that hash given passwords of imports; 0: one for each usable CPU")
      ->check(CLI::Range(0, 1024));
  serve
      .add_option("--hash-cost", flags.hash_cost,
                  "Argon2id, a row of OWASP's table: m=47104,t=1 m=19456,t=2 m=12288,t=3 "
                  "m=9216,t=4 m=7168,t=5")
      ->capture_default_str();
  serve.add_option(
      "--organization-share", flags.shares,
      "ORGANIZATION=SHARE: of hashing and commits, when organizations want more than "
      "there is, so many times what the others have (0.01 to 100); again for the next");
}

void AddPasswords(CLI::App& serve, ServeFlags& flags) {
  serve
      .add_option("--failures-max", flags.config.failures_max,
                  "Consecutive wrong passwords until an address is locked (NIST SP 800-63B: at "
                  "most 100)")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  serve
      .add_option("--new-password-characters-min", flags.config.new_password_characters_min,
                  "Characters that a client's own password needs")
      ->check(CLI::Range(limits::password_characters_min, 64))
      ->capture_default_str();
  serve
      .add_option("--ttl-min", flags.ttl_min,
                  "Seconds that temporary passwords must work at least; nobody may ask for less")
      ->check(CLI::Range(1, 90 * 24 * 3600))
      ->capture_default_str();
}

// Puts into the config what its flags say in other words; returns what is wrong with
// them.
std::vector<std::string> FillConfig(ServeFlags& flags) {
  std::vector<std::string> problems;
  if (const auto cost = HashCost::Parse(flags.hash_cost)) {
    flags.config.hash_cost = *cost;
  } else {
    problems.push_back("--hash-cost " + flags.hash_cost +
                       ": must be a row of OWASP's table, see --help");
  }
  flags.config.keepalive_time = absl::Seconds(flags.keepalive_time);
  flags.config.keepalive_timeout = absl::Seconds(flags.keepalive_timeout);
  flags.config.drain_delay = absl::Seconds(flags.drain_delay);
  flags.config.drain_timeout = absl::Seconds(flags.drain_timeout);
  flags.config.stream_idle_timeout = absl::Seconds(flags.stream_idle_timeout);
  flags.config.temporary_password_ttl_min = absl::Seconds(flags.ttl_min);
  for (const std::string& share : flags.shares) {
    if (const auto status = AddShare(share, flags.config.shares); !status.ok()) {
      problems.emplace_back(status.message());
    }
  }
  return problems;
}

int Run(ServeFlags& flags) {
  SetUpLogging(flags.config.signals.log_format);
  const std::vector<std::string> problems = FillConfig(flags);
  for (const std::string& problem : problems) spdlog::error("{}", problem);
  return problems.empty() ? Serve(flags.config) : usage_exit_code;
}

int Check(ServeFlags& flags) {
  SetUpLogging(flags.config.signals.log_format);
  std::vector<std::string> problems = FillConfig(flags);
  for (std::string& problem : FindConfigProblems(flags.config, absl::Now())) {
    problems.push_back(std::move(problem));
  }
  for (const std::string& problem : problems) spdlog::error("{}", problem);
  if (!problems.empty()) return 1;
  spdlog::info("nothing is wrong with these flags and their files");
  return 0;
}

std::shared_ptr<ServeFlags> AddServeFlags(CLI::App& command) {
  auto flags = std::make_shared<ServeFlags>();
  AddListening(command, *flags);
  AddDrain(command, *flags);
  AddHashing(command, *flags);
  AddPasswords(command, *flags);
  AddSignalFlags(command, flags->config.signals);
  return flags;
}

}  // namespace

void AddServeCommand(CLI::App& app, Command& chosen) {
  CLI::App* serve = app.add_subcommand("serve", "Serve imports until SIGTERM, SIGINT or SIGHUP");
  const auto flags = AddServeFlags(*serve);
  serve->callback([flags, &chosen] { chosen = [flags] { return Run(*flags); }; });
}

void AddCheckConfigCommand(CLI::App& app, Command& chosen) {
  CLI::App* check = app.add_subcommand(
      "check-config", "Say all that is wrong with the flags of serve; touches no store");
  const auto flags = AddServeFlags(*check);
  check->callback([flags, &chosen] { chosen = [flags] { return Check(*flags); }; });
}

}  // namespace provisioning
