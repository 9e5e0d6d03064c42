// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "client/session/stream_error.h"
#include "provisioning/v1/client_account_service.grpc.pb.h"
#include "service/model/uuid.h"

namespace provisioning {

// A client whose password is to be made anew. There may be a million of them.
struct ClientToReissue {
  std::int64_t row_number = 0;
  Uuid client_id;
  std::string first_name;
  std::string last_name;
};

// All who have a temporary password of this import, in the order of their rows.
RpcError ListClientsToReissue(v1::ClientAccountService::Stub& stub, const std::string& organization,
                              const std::string& import_id, std::vector<ClientToReissue>& clients);

}  // namespace provisioning
