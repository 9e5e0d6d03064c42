// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "service/store/migration.h"

namespace provisioning {

// In rising order, from 1, without gaps.
std::span<const Migration> SqliteMigrations();

}  // namespace provisioning
