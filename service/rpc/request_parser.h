// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/io/zero_copy_stream.h"
#include "provisioning/v1/client_provisioning_service.pb.h"
#include "service/import/stream_start.h"
#include "service/model/client_row.h"

namespace provisioning {

struct EndOfImport {};
using ImportRequest = std::variant<StreamStart, std::vector<ClientRow>, EndOfImport>;

// Makes independent streams over the bytes of one message.
class MessageBytes {
 public:
  virtual ~MessageBytes() = default;
  virtual std::unique_ptr<google::protobuf::io::ZeroCopyInputStream> Open() = 0;
};

// Reads one message of ImportClients. Errors: kMessageUnreadable,
// kTooManyRowsInMessage, kOptionInvalid. What would take much memory is refused
// before it is parsed: 4 MiB of empty rows are a million of them, and 4 MiB of
// fields that the server does not know become 130 MiB.
absl::StatusOr<ImportRequest> ParseImportRequest(MessageBytes& bytes);

// Checks every field of `start`. kOptionInvalid names the field.
absl::StatusOr<StreamStart> CheckStart(const v1::ImportStart& start);

}  // namespace provisioning
