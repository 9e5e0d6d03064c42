// SPDX-License-Identifier: Apache-2.0
// What the answers say that checking a password has in common, whatever it was
// checked for.
#pragma once

#include <string>

namespace provisioning {

std::string ExpiredWords(const std::string& email);
std::string LockedWords(const std::string& email);
// An outcome of a newer server.
std::string UnknownOutcomeWords(int outcome);

}  // namespace provisioning
