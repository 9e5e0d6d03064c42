// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string_view>

#include "service/model/secret_string.h"
#include "service/rules/row_report.h"

namespace provisioning {

// The password as it is to be hashed; empty: there is none, or a violation was
// reported. `known_words`: as for IsWeakPassword.
SecretString CheckPassword(const SecretString& given, bool required, std::size_t characters_min,
                           std::initializer_list<std::string_view> known_words, RowReport& report);

}  // namespace provisioning
