// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/io/zero_copy_stream.h"
#include "service/import/stream_start.h"
#include "service/model/client_row.h"

namespace provisioning {

struct EndOfImport {};
using ImportRequest = std::variant<StreamStart, std::vector<ClientRow>, EndOfImport>;

// Reads the bytes of one provisioning.v1.ImportClientsRequest as protobuf does,
// but straight into rows, and takes cells that are not UTF-8: they reject their
// row and not the message. Errors: kMessageUnreadable, kTooManyRowsInMessage,
// kOptionInvalid. What would take much memory is refused before it does: 4 MiB of
// empty rows are two million of them.
absl::StatusOr<ImportRequest> ParseImportRequest(google::protobuf::io::ZeroCopyInputStream& bytes);

}  // namespace provisioning
