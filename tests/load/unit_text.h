// SPDX-License-Identifier: Apache-2.0
// Measured values for people, three digits that count.
#pragma once

#include <string>

#include "absl/time/time.h"

namespace provisioning {

// "87.3 us", "4.12 ms", "1.50 s", "12.0 min".
std::string LatencyText(absl::Duration latency);
// "0.42", "87.3", "51,234".
std::string NumberText(double number);
// "0 %", "0.042 %", "12.5 %"; never "0 %" of something, never "100 %" of less than all.
std::string PercentText(double fraction);
// "512 KiB", "87.3 MiB", "1.20 GiB".
std::string BytesText(double bytes);

}  // namespace provisioning
