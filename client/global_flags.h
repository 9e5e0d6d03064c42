// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/status.h"

namespace CLI {
class App;
}

namespace provisioning {

// The flags that stand before or behind the name of every command.
class GlobalFlags {
 public:
  void AddTo(CLI::App& app);
  // --timeout, of the commands that ask one thing.
  void AddTimeoutTo(CLI::App& app);

  // Makes them hold for the process. FAILED_PRECONDITION: they do not fit
  // together, or one of them has no such value.
  absl::Status Apply() const;

 private:
  bool quiet_ = false;
  bool verbose_ = false;
  bool no_input_ = false;
  std::string color_ = "auto";
  std::string timeout_text_ = "20s";
};

}  // namespace provisioning
