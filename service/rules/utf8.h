// SPDX-License-Identifier: Apache-2.0
// UTF-8, from bytes that may be anything.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace provisioning {

bool IsAscii(std::string_view bytes);
// Well-formed: no overlong form, no surrogate, nothing above U+10FFFF.
bool IsUtf8(std::string_view bytes);
// How many bytes at the beginning are well-formed.
std::size_t ValidUtf8Prefix(std::string_view bytes);
// "0xE9"
std::string ByteText(char byte);

// Takes the first character off `utf8`, which is not empty. Of bytes that are
// not UTF-8 it takes one and gives U+FFFD.
char32_t TakeCodePoint(std::string_view& utf8);
void AppendCodePoint(char32_t code_point, std::string& utf8);

// The length of the longest prefix of at most `bytes_max` bytes that does not
// cut a character in two.
std::size_t PrefixLength(std::string_view utf8, std::size_t bytes_max);

// What a person can see of the bytes: UTF-8 of at most `bytes_max` bytes, with
// U+FFFD for whatever is no character of a line of text.
std::string VisibleText(std::string_view bytes, std::size_t bytes_max);

}  // namespace provisioning
