// SPDX-License-Identifier: Apache-2.0
#include "service/store/failure_key.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "service/model/sha256.h"

namespace provisioning {
namespace {

// 63 bits of it, from the end.
std::int64_t NumberOf(const Sha256Digest& digest) {
  std::uint64_t number = 0;
  for (std::size_t i = digest.size() - 8; i < digest.size(); ++i) number = number << 8 | digest[i];
  return static_cast<std::int64_t>(number >> 1);
}

// How long nothing more is checked after so many failures. The stores' statements
// reckon in the same way.
absl::Duration WaitAfter(std::int64_t failures, const FailureLimits& limits) {
  const auto doublings = std::clamp<std::int64_t>(failures - limits.failures_without_wait, 0, 30);
  return std::min(limits.wait_max, limits.wait_min * (std::int64_t{1} << doublings));
}

}  // namespace

FailureKey FailureKeyOf(const OrganizationId& organization_id, const Uuid& client_id,
                        std::string_view credential) {
  return {organization_id.value(), client_id, NumberOf(Sha256(credential))};
}

FailureKey UnknownFailureKey(const OrganizationId& organization_id,
                             std::string_view email_address) {
  // No organization's id has a space in it.
  const Sha256Digest digest = Sha256(organization_id.value() + " " + std::string(email_address));
  std::array<std::uint8_t, Uuid::size> subject;
  std::copy_n(digest.begin(), subject.size(), subject.begin());
  return {"", Uuid(subject), 0};
}

FailureKey StoredFailureKey(const FailureKey& key, std::string_view secret) {
  const Sha256Digest digest = Sha256(secret, key.subject.bytes());
  if (!key.organization_id.empty()) return key;
  std::array<std::uint8_t, Uuid::size> place{};
  std::copy_n(digest.begin(), 3, place.begin());
  place[2] &= 0xf0;
  return {"", Uuid(place), NumberOf(digest)};
}

AttemptAnswer RefusedAttempt(std::int64_t failures, absl::Time last_time,
                             const FailureLimits& limits, absl::Time now) {
  AttemptAnswer answer{.failures = static_cast<int>(failures)};
  if (failures >= limits.failures_max) return answer;
  answer.verdict = AttemptAnswer::Verdict::kTooEarly;
  answer.retry_after = last_time + WaitAfter(failures, limits) - now;
  return answer;
}

}  // namespace provisioning
