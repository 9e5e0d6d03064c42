// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace google::protobuf {
class Message;
}

namespace provisioning {

// One line without its end: protobuf's JSON mapping with the proto's own field
// names. Bytes that no JSON can carry: "{}".
std::string JsonLine(const google::protobuf::Message& message);

}  // namespace provisioning
