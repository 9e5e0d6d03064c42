// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "service/model/organization_id.h"
#include "service/store/client_account.h"

namespace provisioning {

// The failures of an account. The credential is their generation: a new password
// begins without failures, whatever set it and whatever happened to the count.
FailureKey FailureKeyOf(const OrganizationId& organization_id, const Uuid& client_id,
                        std::string_view credential);

// The failures of an address that no client has. So that they take no more than a
// bounded room, whoever tries how many, there are about a million places for all
// of them; an address that falls upon another's place begins anew.
FailureKey UnknownFailureKey(const OrganizationId& organization_id, std::string_view email_address);

}  // namespace provisioning
