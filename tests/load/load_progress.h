// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/time/time.h"
#include "tests/load/load_options.h"
#include "tests/load/load_run.h"

namespace provisioning {

// Tells on stderr how far a run is: on a terminal one line that is drawn over,
// elsewhere a line now and then.
class ProgressPrinter {
 public:
  // `options` outlives it.
  ProgressPrinter(bool quiet, const LoadOptions& options);

  void Print(const LoadProgress& progress);
  // Takes the line away.
  void End();

 private:
  const bool quiet_;
  const bool draws_;
  const LoadOptions& options_;
  absl::Duration next_line_;
};

}  // namespace provisioning
