// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "service/model/organization_id.h"
#include "service/store/client_account.h"

namespace provisioning {

// The failures of an account. The credential is their generation: a new password
// begins without failures, whatever set it and whatever happened to the count.
FailureKey FailureKeyOf(const OrganizationId& organization_id, const Uuid& client_id,
                        std::string_view credential);

// The failures of an address that no client has.
FailureKey UnknownFailureKey(const OrganizationId& organization_id, std::string_view email_address);

// Bytes of a store's secret: random, made once, and kept beside its counts.
inline constexpr int failure_secret_size = 32;

// Where a store keeps the count of `key`. So that unknown addresses take no more
// than a bounded room, whoever tries how many, there are about a million places
// for all of them; an address that falls upon another's place begins anew. Only
// who knows the secret can say which addresses share a place: a count that one
// can make begin anew at will is the sign of an address that nobody has. Takes
// the same work for a client's key, which stays as it is.
FailureKey StoredFailureKey(const FailureKey& key, std::string_view secret);

// The answer to an attempt that the limits did not allow, the count being so.
AttemptAnswer RefusedAttempt(std::int64_t failures, absl::Time last_time,
                             const FailureLimits& limits, absl::Time now);

}  // namespace provisioning
