// SPDX-License-Identifier: Apache-2.0
// provisioning-bench: what the service makes of the hardware. Without arguments
// it measures everything; each line is a ratio of ours to a ceiling that is
// measured in the same run. The exit code is 0 whatever is reached.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>
#include <vector>

#include "tests/bench/bench.h"
#include "tests/bench/echo_server.h"
#include "tests/bench/growth.h"

int main(int argc, char** argv) {
  CLI::App app{"Measures the service beside the barest code for the same work",
               "provisioning-bench"};
  bool list = false;
  bool quick = false;
  bool echo_server = false;
  std::string growth;
  int rounds = 0;
  std::vector<std::string> only;
  app.add_flag("--list", list, "Print the names and what they measure");
  app.add_option("--only", only, "Measure this one; again for the next")->type_name("NAME");
  app.add_flag("--quick", quick, "Smaller and fewer: for a first look");
  app.add_option("--rounds", rounds, "How often each is measured [5, with --quick 3]")
      ->check(CLI::Range(1, 100));
  app.add_option("--growth", growth,
                 "Instead, measure how the rate changes with clients, streams and organizations, "
                 "and draw it into this SVG file")
      ->type_name("FILE");
  app.add_flag("--echo-server", echo_server)->group("");
  CLI11_PARSE(app, argc, argv);
  if (echo_server) {
    provisioning::ServeEcho();
    return 0;
  }
  if (!growth.empty()) {
    provisioning::MeasureGrowth(growth, quick);
    return 0;
  }
  if (rounds == 0) rounds = quick ? 3 : 5;
  std::vector<std::string> unknown = only;
  for (const auto& bench : provisioning::MakeBenches(quick)) {
    std::erase(unknown, bench->name());
    const bool wanted = only.empty() || std::ranges::find(only, bench->name()) != only.end();
    if (list) {
      std::printf("%s: %s\n", bench->name().c_str(), bench->description().c_str());
    } else if (wanted) {
      provisioning::RunBench(*bench, rounds);
    }
  }
  if (unknown.empty()) return 0;
  std::fprintf(stderr, "--only %s: there is none of that name; see --list\n",
               unknown.front().c_str());
  return 2;
}
