// SPDX-License-Identifier: Apache-2.0
// The names by which callers are known: a SPIFFE id, or a DNS name in lower case.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "service/model/caller.h"

namespace provisioning {

// spiffe://TRUST-DOMAIN/PATH as the SPIFFE standard has it, at most 2,048 bytes.
bool IsSpiffeId(std::string_view text);
// Labels of letters in lower case, digits and hyphens, one at least, no wildcard; at
// most 253 bytes.
bool IsDnsName(std::string_view text);

// Who a certificate with these subject alternative names is about: its one SPIFFE
// id; without any URI its one DNS name, in lower case. Everything else is
// ambiguous, or nobody: kCallerUnidentified, which does not repeat the names.
absl::StatusOr<Caller> IdentifyCaller(std::span<const std::string> uris,
                                      std::span<const std::string> dns_names);

}  // namespace provisioning
