// SPDX-License-Identifier: Apache-2.0
#include "client/report/json_text.h"

#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>

namespace provisioning {

std::string JsonLine(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string line;
  const auto status = google::protobuf::util::MessageToJsonString(message, &line, options);
  return status.ok() ? line : "{}";
}

}  // namespace provisioning
