// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace provisioning {

// One step of the schema: migrations/NNNN_name.sql, embedded at build time.
struct Migration {
  int version;  // NNNN; the schema's version once it is applied.
  std::string_view sql;
};

// In rising order, from 1, without gaps.
std::span<const Migration> Migrations();

}  // namespace provisioning
