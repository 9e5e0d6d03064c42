// SPDX-License-Identifier: Apache-2.0
// Every limit that callers can meet, in one place. Those of a row's fields are
// in design order of its columns; each is enforced by service/rules.
#pragma once

#include <cstdint>

#include "absl/time/time.h"

namespace provisioning::limits {

// Rows and messages (service/rpc).
inline constexpr int rows_per_message_max = 4096;
inline constexpr int request_bytes_max = 4 << 20;
inline constexpr int response_bytes_max = 1 << 20;

// Options of an import (service/rpc).
inline constexpr int organization_id_bytes_max = 64;
inline constexpr int session_id_bytes_max = 64;
inline constexpr int source_name_bytes_max = 255;
inline constexpr absl::Duration temporary_password_ttl_default = absl::Hours(7 * 24);
// What a server asks for unless it is told otherwise, and what it can be told.
inline constexpr absl::Duration temporary_password_ttl_min = absl::Hours(1);
inline constexpr absl::Duration temporary_password_ttl_floor = absl::Seconds(1);
inline constexpr absl::Duration temporary_password_ttl_max = absl::Hours(90 * 24);

// Fields (service/rules). Characters are Unicode code points.
inline constexpr int email_bytes_max = 254;            // RFC 5321, 4.5.3.1.3, less the brackets.
inline constexpr int email_local_part_bytes_max = 64;  // RFC 5321, 4.5.3.1.1.
inline constexpr int password_characters_min = 8;      // NIST SP 800-63B-4, 3.1.1.2.
inline constexpr int password_characters_max = 256;
inline constexpr int password_bytes_max = 1024;
inline constexpr int name_characters_max = 200;
inline constexpr std::int32_t birthdate_min = 19000101;
inline constexpr int password_hash_bytes_max = 256;
inline constexpr int suggestion_bytes_max = 254;

// Imported hashes (service/hash_format). The floors are those of OWASP's Password
// Storage Cheat Sheet: the least of its rows for Argon2id, and its minimum for
// bcrypt. The ceilings bound what one sign-in may take: a second, and 128 MiB.
inline constexpr std::uint32_t argon2id_memory_kib_min = 7168;
inline constexpr std::uint32_t argon2id_memory_kib_max = 128 << 10;
inline constexpr std::uint32_t argon2id_iterations_max = 10;
inline constexpr std::uint64_t argon2id_passed_kib_min = 35'840;  // Memory times iterations.
inline constexpr std::uint64_t argon2id_passed_kib_max = 512 << 10;
inline constexpr std::uint32_t argon2id_parallelism_max = 16;
inline constexpr int argon2id_salt_bytes_min = 8;
inline constexpr int argon2id_salt_bytes_max = 64;
inline constexpr int argon2id_hash_bytes_min = 16;
inline constexpr int argon2id_hash_bytes_max = 64;
inline constexpr int bcrypt_cost_min = 10;
inline constexpr int bcrypt_cost_max = 14;

// validate_only (service/import): rows of a stream that are compared with each
// other, and of all streams together; each costs about 50 bytes.
inline constexpr std::int64_t validated_duplicate_rows_max = 2'000'000;

static_assert(password_characters_max * 4 <= password_bytes_max);
static_assert(email_bytes_max <= suggestion_bytes_max);
static_assert(response_bytes_max < request_bytes_max);

}  // namespace provisioning::limits
