// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "tests/load/arrival_schedule.h"
#include "tests/load/objective.h"

namespace provisioning {

// What a run is to be.
struct LoadOptions {
  int organizations = 1;
  std::string organization_prefix = "load";
  int streams = 10;
  std::int64_t rows_per_stream = 1000;
  std::int64_t rows_max = 0;  // In all; 0: as many as the time lets through.
  absl::Duration duration = absl::InfiniteDuration();
  double rate = 0;  // Rows a second; 0: as fast as flow control lets them go.
  ArrivalSchedule::Spacing spacing = ArrivalSchedule::Spacing::kConstant;
  int rows_per_message = 256;
  int connections = 0;  // 0: one for every hundred streams.
  absl::Duration grace = absl::Seconds(30);

  // Shares of rows, and of streams.
  double provided = 0;
  double invalid = 0;
  double duplicates = 0;
  double existing = 0;
  double replays = 0;
  bool validate_only = false;

  std::uint64_t seed = 0;
  // Makes the addresses of a run its own, whatever its seed.
  std::uint64_t address_seed = 0;

  std::vector<Objective> objectives;
  pid_t server_pid = 0;  // 0: its memory is not sampled.

  bool open_loop() const { return rate > 0; }
  std::string OrganizationName(int organization) const;
};

// INVALID_ARGUMENT: options that do not fit together, or that the contract does
// not allow.
absl::Status CheckOptions(const LoadOptions& options);

// Name and value of each option that describes the run, for reports.
std::vector<std::pair<std::string, std::string>> DescribeOptions(const LoadOptions& options);

}  // namespace provisioning
