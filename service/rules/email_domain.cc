// SPDX-License-Identifier: Apache-2.0
#include "service/rules/email_domain.h"

#include <idn2.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "service/rules/utf8.h"

namespace provisioning {
namespace {

constexpr std::size_t label_bytes_max = 63;  // RFC 1035, 2.3.4.

bool IsAsciiDigit(char c) { return c >= '0' && c <= '9'; }

bool IsLetterDigitHyphen(char c) { return (c >= 'a' && c <= 'z') || IsAsciiDigit(c) || c == '-'; }

// RFC 5890, 2.3.1: `xn--`, and what may become its like.
bool IsReserved(std::string_view label) {
  return label.size() >= 4 && label[2] == '-' && label[3] == '-';
}

bool IsLabel(std::string_view label) {
  return !label.empty() && label.size() <= label_bytes_max && label.front() != '-' &&
         label.back() != '-' && std::ranges::all_of(label, IsLetterDigitHyphen);
}

// Splits at every dot; stops at the first label that `take` refuses.
bool EveryLabel(std::string_view domain, auto take) {
  while (true) {
    const std::size_t dot = domain.find('.');
    if (!take(domain.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    domain.remove_prefix(dot + 1);
  }
}

// RFC 1123, 2.1: otherwise it would be an IPv4 address.
bool EndsInName(std::string_view domain) {
  const std::size_t dot = domain.rfind('.');
  return dot != std::string_view::npos &&
         !std::ranges::all_of(domain.substr(dot + 1), IsAsciiDigit);
}

struct IdnFree {
  void operator()(void* text) const { idn2_free(text); }
};

// The registration rules of IDNA2008, which are the strict ones.
std::optional<std::string> ALabelOf(const std::string& u_label) {
  std::uint8_t* a_label = nullptr;
  const int result = idn2_register_u8(reinterpret_cast<const std::uint8_t*>(u_label.c_str()),
                                      nullptr, &a_label, IDN2_NFC_INPUT);
  const std::unique_ptr<std::uint8_t, IdnFree> owner(a_label);
  if (result != IDN2_OK) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(a_label));
}

bool IsALabel(const std::string& label) {
  if (!label.starts_with("xn--")) return false;
  char* u_label = nullptr;
  const int result = idn2_to_unicode_8z8z(label.c_str(), &u_label, IDN2_NO_TR46 | IDN2_NFC_INPUT);
  const std::unique_ptr<char, IdnFree> owner(u_label);
  return result == IDN2_OK && ALabelOf(u_label) == label;
}

std::optional<std::string> LabelInALabel(std::string_view label) {
  if (!IsAscii(label)) {
    std::optional<std::string> a_label = ALabelOf(std::string(label));
    return a_label && IsLabel(*a_label) ? a_label : std::nullopt;
  }
  if (!IsLabel(label)) return std::nullopt;
  std::string text(label);
  if (IsReserved(label) && !IsALabel(text)) return std::nullopt;
  return text;
}

}  // namespace

bool IsPlainDomain(std::string_view domain) {
  return EveryLabel(domain,
                    [](std::string_view label) { return IsLabel(label) && !IsReserved(label); }) &&
         EndsInName(domain);
}

std::optional<std::string> DomainInALabels(std::string_view domain) {
  std::string stored;
  const bool valid = EveryLabel(domain, [&stored](std::string_view label) {
    const std::optional<std::string> a_label = LabelInALabel(label);
    if (!a_label) return false;
    if (!stored.empty()) stored += '.';
    stored += *a_label;
    return true;
  });
  if (!valid || !EndsInName(stored)) return std::nullopt;
  return stored;
}

}  // namespace provisioning
