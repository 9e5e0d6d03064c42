// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "service/server/serve_config.h"

namespace provisioning {

// All that would keep `provisiond serve` from serving well, as far as it can be seen
// without a look at the store or the network: each a sentence that names the flag.
std::vector<std::string> FindConfigProblems(const ServeConfig& config, absl::Time now);

}  // namespace provisioning
