// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace provisioning {

// A domain name as it is stored, that needs no look at IDNA: at least two
// labels of lower-case letters, digits and hyphens, none of them reserved
// (`xn--...`), the last one not a number.
bool IsPlainDomain(std::string_view domain);

// The domain in A-labels. Nothing if it is no domain name, or a label is not
// valid under IDNA2008 (strictly: nothing is mapped but to NFC). `domain` is
// UTF-8 in lower case.
std::optional<std::string> DomainInALabels(std::string_view domain);

}  // namespace provisioning
