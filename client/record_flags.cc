// SPDX-License-Identifier: Apache-2.0
#include "client/record_flags.h"

#include <CLI/CLI.hpp>

namespace provisioning {

void RecordFlags::AddTo(CLI::App& app) {
  app.add_option("--organization", organization, "The organization")->type_name("ORG")->required();
  app.add_flag("--json", json, "Print one JSON object per line");
  connection.AddFlags(app);
}

}  // namespace provisioning
