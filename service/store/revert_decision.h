// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "service/store/identity_store.h"

namespace provisioning {

// Why a client stays when the import that made it is reverted; nothing: it goes.
// Wrong passwords that somebody tried change nothing. Pure.
std::optional<KeptReason> ReasonToKeep(const AccountFacts& account);

}  // namespace provisioning
