// SPDX-License-Identifier: Apache-2.0
#include "client/passwords/lent_password.h"

namespace provisioning {

LentPassword::LentPassword(const SecretString& password, std::string& field) : field_(field) {
  field_.assign(password.Reveal());
}

}  // namespace provisioning
