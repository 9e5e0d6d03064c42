// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "service/model/secret_string.h"

namespace provisioning {

// A password out of a request, where nothing of it is left behind: gRPC hands
// requests out as const, but they are ours, and go when the call has ended. But for
// fields that are not set: all of them, in all messages, are one string of protobuf.
inline SecretString TakeSecret(const std::string& field) {
  if (field.empty()) return SecretString();
  return SecretString::TakeFrom(const_cast<std::string&>(field));
}

}  // namespace provisioning
