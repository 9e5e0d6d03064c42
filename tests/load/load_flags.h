// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "client/connection.h"
#include "tests/load/load_options.h"

namespace CLI {
class App;
}

namespace provisioning {

// What provision-load takes on its command line.
class LoadFlags {
 public:
  void AddTo(CLI::App& app);

  // What the flags say, with defaults for what they leave open. INVALID_ARGUMENT:
  // they do not fit together.
  absl::Status Finish();

  Connection connection;
  LoadOptions options;  // After Finish.
  std::string json_file;
  std::string html_file;
  bool quiet = false;

 private:
  void AddLength(CLI::App& app);
  void AddRows(CLI::App& app);
  void AddReports(CLI::App& app);

  std::string duration_text_;
  std::string grace_text_ = "30s";
  std::string arrivals_ = "constant";
  std::string seed_text_;
  std::vector<std::string> objective_texts_;
};

}  // namespace provisioning
