// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/trace_context.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "service/model/random_bytes.h"

namespace provisioning {
namespace {

constexpr std::size_t request_id_max = 64;

bool IsHex(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool IsZero(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c == '0'; });
}

bool IsId(std::string_view text) { return IsHex(text) && !IsZero(text); }

template <std::size_t bytes>
std::string NewId() {
  std::string id;
  do {
    std::array<std::uint8_t, bytes> random;
    FillRandom(random);
    id = absl::BytesToHexString(
        absl::string_view(reinterpret_cast<const char*>(random.data()), random.size()));
  } while (IsZero(id));
  return id;
}

// version "-" trace-id "-" parent-id "-" trace-flags. A later version may have more
// behind another "-".
bool IsTraceparent(std::string_view text) {
  constexpr std::size_t size = 2 + 1 + 32 + 1 + 16 + 1 + 2;
  if (text.size() < size || text[2] != '-' || text[35] != '-' || text[52] != '-') return false;
  const std::string_view version = text.substr(0, 2);
  if (!IsHex(version) || version == "ff") return false;
  if (version == "00" ? text.size() != size : text.size() > size && text[size] != '-') return false;
  return IsId(text.substr(3, 32)) && IsId(text.substr(36, 16)) && IsHex(text.substr(53, 2));
}

}  // namespace

TraceContext ContinueTrace(std::optional<std::string_view> traceparent) {
  if (!traceparent || !IsTraceparent(*traceparent)) {
    return {.trace_id = NewId<16>(), .span_id = NewId<8>(), .parent_span_id = ""};
  }
  return {.trace_id = std::string(traceparent->substr(3, 32)),
          .span_id = NewId<8>(),
          .parent_span_id = std::string(traceparent->substr(36, 16))};
}

bool IsRequestId(std::string_view text) {
  return !text.empty() && text.size() <= request_id_max && std::ranges::all_of(text, [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.';
  });
}

std::string NewRequestId() { return NewId<16>(); }

}  // namespace provisioning
