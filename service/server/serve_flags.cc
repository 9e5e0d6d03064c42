// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "service/server/command.h"
#include "service/server/serve_command.h"
#include "spdlog/spdlog.h"

namespace provisioning {
namespace {

struct ServeFlags {
  ServeConfig config;
  std::string hash_cost = "m=7168,t=5";
  std::int64_t keepalive_time = config.keepalive_time / absl::Seconds(1);
  std::int64_t keepalive_timeout = config.keepalive_timeout / absl::Seconds(1);
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

int Run(ServeFlags& flags) {
  SetUpLogging(flags.config.signals.log_format);
  const auto cost = HashCost::Parse(flags.hash_cost);
  if (!cost) {
    spdlog::error("--hash-cost {}: must be a row of OWASP's table, see --help", flags.hash_cost);
    return 2;
  }
  flags.config.hash_cost = *cost;
  flags.config.keepalive_time = absl::Seconds(flags.keepalive_time);
  flags.config.keepalive_timeout = absl::Seconds(flags.keepalive_timeout);
  flags.config.temporary_password_ttl_min = absl::Seconds(flags.ttl_min);
  for (const std::string& share : flags.shares) {
    if (const auto status = AddShare(share, flags.config.shares); !status.ok()) {
      spdlog::error("{}", std::string(status.message()));
      return 2;
    }
  }
  return Serve(flags.config);
}

}  // namespace

void AddServeCommand(CLI::App& app, Command& chosen) {
  const auto flags = std::make_shared<ServeFlags>();
  CLI::App* serve = app.add_subcommand("serve", "Serve imports until SIGTERM");
  AddListening(*serve, *flags);
  AddHashing(*serve, *flags);
  AddPasswords(*serve, *flags);
  AddSignalFlags(*serve, flags->config.signals);
  serve->callback([flags, &chosen] { chosen = [flags] { return Run(*flags); }; });
}

}  // namespace provisioning
