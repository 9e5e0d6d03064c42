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

// A hash of argon2id of the form that other products export, of no password at
// all. The same for the same number and seed.
std::string RandomHash(std::int64_t number, std::uint64_t seed);

// A good size of a message.
inline constexpr std::int64_t rows_per_message = 256;

// The message with the rows from `first` on, up to `last`, ready to be sent.
// `password`: what each row brings; empty: none.
grpc::ByteBuffer RowMessage(std::int64_t first, std::int64_t last, std::uint64_t seed,
                            const std::string& password);

// The messages of the rows 1 to `count`.
std::vector<grpc::ByteBuffer> RowMessages(std::int64_t count, std::uint64_t seed,
                                          const std::string& password);
// The same of rows that bring their RandomHash.
std::vector<grpc::ByteBuffer> HashedRowMessages(std::int64_t count, std::uint64_t seed);

}  // namespace provisioning
