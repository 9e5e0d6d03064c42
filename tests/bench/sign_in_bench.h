// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "tests/bench/bench.h"
#include "tests/bench/huge_import.h"

namespace provisioning {

// What a client who signs in suffers from a saturating import.
std::unique_ptr<Bench> MakeSignInBench(HugeImport::Passwords beside, bool quick);

}  // namespace provisioning
