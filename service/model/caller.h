// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace provisioning {

// Who asks for something: the name by which the audit knows them. Made at the
// edge; until callers have certificates it says how they came in.
struct Caller {
  std::string name;

  bool operator==(const Caller&) const = default;
};

}  // namespace provisioning
