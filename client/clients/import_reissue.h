// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/time/time.h"
#include "client/record_flags.h"

namespace provisioning {

struct ImportReissueSettings : RecordFlags {
  std::string import_id;
  std::string results_path;
  bool yes = false;
  absl::Duration ttl = absl::ZeroDuration();
  absl::Duration reconnect_timeout = absl::ZeroDuration();
};

// provision clients reissue --import: new temporary passwords for all clients who
// have not used those that an import gave them, as when its results were lost:
//
//   who they are --> ask --> a call per client, many at once --> results, in row
//   order
//
// `settings` are checked. Returns the exit code.
int ReissueImport(const ImportReissueSettings& settings);

}  // namespace provisioning
