// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace provisioning {

// Serves any bidirectional method on a port that it prints, by sending each
// message back as it came; until it is killed.
void ServeEcho();

}  // namespace provisioning
