// SPDX-License-Identifier: Apache-2.0
// How a hash is written down: `$scheme[$v=N][$name=N,name=N]$salt$hash`, salt and
// hash in base64 without padding
// (https://github.com/P-H-C/phc-string-format/blob/master/phc-sf-spec.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace provisioning {

inline constexpr std::size_t phc_bytes_max = 512;

struct PhcParameter {
  std::string name;
  std::uint32_t value = 0;

  bool operator==(const PhcParameter&) const = default;
};

struct PhcString {
  std::string scheme;
  std::optional<std::uint32_t> version;
  std::vector<PhcParameter> parameters;  // In the order of the text.
  std::string salt;                      // The bytes.
  std::string hash;
};

// Strict: numbers are decimal and fit 32 bits, nothing is padded, spare bits of
// base64 are 0, no field is empty; so only one text stands for a hash. Nothing
// for any other text, whatever its bytes.
std::optional<PhcString> ParsePhcString(std::string_view text);

// In base64 without padding, behind what `text` already has.
void AppendBase64(std::span<const std::uint8_t> bytes, std::string& text);

}  // namespace provisioning
