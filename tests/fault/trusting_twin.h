// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace provisioning {

// `any-organization` of provisiond-twin: serves as provisiond does, but does not
// look at the organization when it asks for a caller's rights.
int RunTrustingTwin(int argc, char** argv);

}  // namespace provisioning
