// SPDX-License-Identifier: Apache-2.0
#include "service/server/store_url.h"

#include <string_view>

#include "absl/strings/str_cat.h"

namespace provisioning {
namespace {

constexpr std::string_view sqlite_prefix = "sqlite:";

}  // namespace

absl::StatusOr<std::string> SqlitePath(const std::string& store) {
  if (store.starts_with(sqlite_prefix)) return store.substr(sqlite_prefix.size());
  return absl::InvalidArgumentError(absl::StrCat("--store ", store, ": must be sqlite:PATH"));
}

}  // namespace provisioning
