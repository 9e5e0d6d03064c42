// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace provisioning {

// A UUID (RFC 9562): an import's or a client's id.
class Uuid {
 public:
  static constexpr int size = 16;

  Uuid() = default;  // All zero, the Nil UUID: names nothing.
  explicit Uuid(const std::array<std::uint8_t, size>& bytes) : bytes_(bytes) {}

  // The canonical form in lower case, nothing else.
  static std::optional<Uuid> Parse(std::string_view text);
  // The 16 bytes as stored; nothing if the length differs.
  static std::optional<Uuid> FromBytes(std::string_view bytes);
  // Version 7: the first 48 bits are `now` in milliseconds, the next 12 its
  // fraction, so that ids sort by the time they were made; 62 bits are random
  // (random_bytes.h). Any thread.
  static Uuid NewV7(absl::Time now);

  std::string ToString() const;
  std::string_view bytes() const {
    return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
  }
  bool is_nil() const { return *this == Uuid(); }

  auto operator<=>(const Uuid&) const = default;

  template <typename H>
  friend H AbslHashValue(H state, const Uuid& uuid) {
    return H::combine(std::move(state), uuid.bytes_);
  }

 private:
  std::array<std::uint8_t, size> bytes_{};
};

}  // namespace provisioning
