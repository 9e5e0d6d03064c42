// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string_view>

namespace provisioning {

// Whether somebody who knows the person would guess the password in fewer than
// 10^8 tries (a zxcvbn score below 3). `known_words`: what is known of the
// person; at most four. Takes 10 to 50 microseconds and leaves no copy of the
// password that it made.
bool IsWeakPassword(std::string_view password, std::initializer_list<std::string_view> known_words);

// The same with fewer than 10^6 tries (a score below 2): within reach of somebody
// who guesses online.
bool IsCommonPassword(std::string_view password,
                      std::initializer_list<std::string_view> known_words);

}  // namespace provisioning
