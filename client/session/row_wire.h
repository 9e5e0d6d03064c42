// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "client/csv/row_source.h"
#include "provisioning/v1/client_provisioning_service.pb.h"
#include "provisioning/v1/client_row.pb.h"
#include "service/model/checked_row.h"

namespace provisioning {

void ToWire(const ClientRow& row, v1::ClientRow& wire);
// About how many bytes it takes in a message.
std::size_t WireBytes(const ClientRow& row);

// The answer to a row that is not sent: REJECTED for its `problems`.
v1::RowResult LocalResult(const SourceRow& row);
// The answer of the rules alone: VALID or REJECTED.
v1::RowResult OfflineResult(const CheckedRow& row);

// Overwrites what can be overwritten of the passwords in a message that was
// sent or received.
void WipePasswords(v1::ImportRows& rows);
void WipePassword(v1::RowResult& result);

}  // namespace provisioning
