// SPDX-License-Identifier: Apache-2.0
// A client, as a person reads it.
#pragma once

#include <string>

#include "absl/time/time.h"
#include "provisioning/v1/client.pb.h"

namespace provisioning {

// "pending", "expired" (the temporary password has ended by `now`), "active",
// "locked".
std::string StateText(const v1::Client& client, absl::Time now);
std::string NameText(const v1::Client& client);

// Everything that is known, a line per field, to stdout.
void PrintClient(const v1::Client& client);

}  // namespace provisioning
