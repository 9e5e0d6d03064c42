// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "tests/bench/bench.h"

namespace provisioning {

std::unique_ptr<Bench> MakePostgresBench(bool quick);
std::unique_ptr<Bench> MakeTwoServersBench(bool quick);

}  // namespace provisioning
