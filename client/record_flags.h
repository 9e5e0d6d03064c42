// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "client/connection.h"

namespace provisioning {

// What every command is told that shows records of an organization.
struct RecordFlags {
  Connection connection;
  std::string organization;
  bool json = false;

  void AddTo(CLI::App& app);
};

}  // namespace provisioning
