// SPDX-License-Identifier: Apache-2.0
// Which characters are what, in the Unicode version of libutf8proc.
#pragma once

#include <string_view>

namespace provisioning {

// Property White_Space.
bool IsWhiteSpace(char32_t code_point);
// Category Cc, and the two separators that end a line or a paragraph.
bool IsControl(char32_t code_point);
// Category Cn: not assigned, or never to be (noncharacters).
bool IsUnassigned(char32_t code_point);
// Takes no room: property Default_Ignorable_Code_Point or category Cf.
bool IsInvisible(char32_t code_point);
// Category Nd.
bool IsDigit(char32_t code_point);
char32_t ToLower(char32_t code_point);

// Without the white space and byte order marks at both ends. Takes any bytes.
std::string_view TrimWhiteSpace(std::string_view bytes);

}  // namespace provisioning
