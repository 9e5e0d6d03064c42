// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "service/model/secret_string.h"
#include "service/store/identity_store.h"

namespace provisioning {

// What the import knows of a row beside what the store is given.
struct RowMemo {
  SecretString generated_password;  // What prepared.credential was made of, if we made it.
  std::int64_t cost_bytes = 0;      // What it counts for in flow control.
  bool holds_address = false;       // CredentialStage remembers its address.
};

// A row that waits for its commit.
struct ReadyRow {
  PreparedRow prepared;
  RowMemo memo;
};

}  // namespace provisioning
