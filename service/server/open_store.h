// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "service/server/store_address.h"
#include "service/sharing/organization_shares.h"
#include "service/store/identity_store.h"

namespace provisioning {

// The store of that engine. `on_broken`: as SqliteOptions::on_broken; a server of
// its own never breaks a store, it is only away.
absl::StatusOr<std::unique_ptr<IdentityStore>> OpenStore(const StoreAddress& address,
                                                         const OrganizationShares& shares,
                                                         std::function<void()> on_broken);

}  // namespace provisioning
