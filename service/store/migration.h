// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace provisioning {

// One step of a store's schema: migrations/NNNN_name.sql of its engine, embedded at
// build time.
struct Migration {
  int version;  // NNNN; the schema's version once it is applied.
  std::string_view sql;
};

}  // namespace provisioning
