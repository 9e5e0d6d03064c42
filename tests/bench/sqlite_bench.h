// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "tests/bench/bench.h"

namespace provisioning {

std::unique_ptr<Bench> MakeSqliteBench(bool quick);
std::unique_ptr<Bench> MakePrefilledBench(bool quick);
std::unique_ptr<Bench> MakePrehashedBench(bool quick);

}  // namespace provisioning
