// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "grpcpp/support/byte_buffer.h"
#include "provisioning/v1/client_row.pb.h"

namespace provisioning {

// Row `number` of a large import: an address that no order can be seen in, names,
// and most have a birthdate and a gender. The same for the same number and seed.
v1::ClientRow RandomRow(std::int64_t number, std::uint64_t seed);

// The messages of an import's rows, 1 to `count`, ready to be sent, of a good
// size. `password`: what each row brings; empty: none.
std::vector<grpc::ByteBuffer> RowMessages(std::int64_t count, std::uint64_t seed,
                                          const std::string& password);

}  // namespace provisioning
