// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "service/model/field_issue.h"
#include "service/model/limits.h"
#include "service/model/secret_string.h"

namespace provisioning {

// A password that a client chooses for good.
struct NewPassword {
  SecretString text;                   // Prepared; empty: refused.
  std::vector<FieldIssue> violations;  // All of them; the field is "new_password".
};

// Unlike a temporary one, it is refused when it is easy to guess (fewer than 10^6
// tries for who knows the person, as zxcvbn estimates: what guessing online could
// reach), when it is the temporary one, and when the address or its local part,
// of 4 bytes or more, is in it. NIST SP 800-63B-4, 3.1.1.2 asks for the blocklist.
// `email_address`: as somebody types it. `characters_min`: from limits::password_characters_min.
// Takes any bytes.
NewPassword CheckNewPassword(const SecretString& given, const SecretString& temporary,
                             std::string_view email_address, int characters_min);

}  // namespace provisioning
