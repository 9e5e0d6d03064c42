// SPDX-License-Identifier: Apache-2.0
#include "tests/fault/trusting_twin.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "service/server/server.h"

namespace provisioning {
namespace {

// Where the same policy stands, with every organization for everybody.
std::string WithoutOrganizations(const std::string& path) {
  nlohmann::json policy = nlohmann::json::parse(std::ifstream(path));
  for (auto& rights : policy["callers"]) rights["organizations"] = "*";
  std::ofstream(path + ".twin") << policy;
  return path + ".twin";
}

}  // namespace

int RunTrustingTwin(int argc, char** argv) {
  CLI::App app;
  ServeConfig config;
  app.add_option("--listen", config.listen);
  AddStoreFlags(app, config.store);
  AddTrustFlags(app, config.trust);
  CLI11_PARSE(app, argc, argv);
  config.trust.policy = WithoutOrganizations(config.trust.policy);
  const auto server = Server::Start(config, [] {});
  if (!server.ok()) {
    fprintf(stderr, "%s\n", std::string(server.status().message()).c_str());
    return 1;
  }
  fprintf(stderr, "listening on 127.0.0.1:%d\n", (*server)->port());
  for (;;) pause();  // Until it is killed.
}

}  // namespace provisioning
