// SPDX-License-Identifier: Apache-2.0
#include "tests/load/status_name.h"

#include <iterator>

namespace provisioning {
namespace {

constexpr const char* names[] = {
    "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED"};

}  // namespace

std::string StatusName(grpc::StatusCode code) {
  const auto place = static_cast<std::size_t>(code);
  return place < std::size(names) ? names[place] : "status " + std::to_string(code);
}

}  // namespace provisioning
