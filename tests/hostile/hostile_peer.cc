// SPDX-License-Identifier: Apache-2.0
// hostile-peer: attacks a server from outside, with its own bytes, and says what
// came of it. It says whether the server stands as little as a real one would: look
// at the server.
//
//   hostile-peer ATTACK HOST:PORT [--count N] [--seed N] [--cert FILE --key FILE]
//   hostile-peer hold HOST:PORT [--count N]    N connections, until it is killed
//
// Without --cert the target speaks plaintext. Without arguments: the attacks. Exit
// code: 0 when the attack is over, whatever became of it; 2 usage.

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/hostile/attack.h"
#include "tests/support/tcp_socket.h"

namespace provisioning {
namespace {

int Hold(const HostileTarget& target, std::int64_t count) {
  std::int64_t held = 0;
  for (std::int64_t i = 0; i < count; ++i) held += ConnectTo(target.address) >= 0 ? 1 : 0;
  std::fprintf(stderr, "holding %lld\n", static_cast<long long>(held));
  for (;;) pause();
}

int List() {
  for (const Attack& attack : Attacks()) {
    std::printf("%-18s %s (COUNT: %lld)\n", std::string(attack.name).c_str(),
                std::string(attack.what).c_str(), static_cast<long long>(attack.count));
  }
  return 2;
}

int Main(int argc, char** argv) {
  CLI::App app("Attacks a server");
  std::string name;
  AttackOrders orders;
  app.add_option("ATTACK", name);
  app.add_option("ADDRESS", orders.target.address);
  app.add_option("--count", orders.count);
  app.add_option("--seed", orders.seed);
  CLI::Option* key = app.add_option("--key", orders.target.key);
  app.add_option("--cert", orders.target.certificate)->needs(key);
  CLI11_PARSE(app, argc, argv);
  if (name == "hold") return Hold(orders.target, orders.count);
  for (const Attack& attack : Attacks()) {
    if (attack.name != name) continue;
    if (orders.count == 0) orders.count = attack.count;
    orders.tls = MakeTlsContext(orders.target);
    std::fprintf(stderr, "%s: %s\n", name.c_str(), attack.run(orders).c_str());
    return 0;
  }
  return List();
}

}  // namespace
}  // namespace provisioning

int main(int argc, char** argv) { return provisioning::Main(argc, argv); }
