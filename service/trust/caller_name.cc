// SPDX-License-Identifier: Apache-2.0
#include "service/trust/caller_name.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "service/model/error.h"

namespace provisioning {
namespace {

constexpr std::string_view spiffe_scheme = "spiffe://";
constexpr std::size_t spiffe_id_bytes_max = 2048;
constexpr std::size_t dns_name_bytes_max = 253;
constexpr std::size_t dns_label_bytes_max = 63;
constexpr std::size_t trust_domain_bytes_max = 255;

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsOfTrustDomain(char c) {
  return IsLower(c) || IsDigit(c) || c == '.' || c == '-' || c == '_';
}
bool IsOfSegment(char c) { return IsOfTrustDomain(c) || IsUpper(c); }

// All of the parts between `separator`s, none of which is left out.
template <typename IsPart>
bool AllParts(std::string_view text, char separator, IsPart is_part) {
  for (;;) {
    const std::size_t end = text.find(separator);
    if (!is_part(text.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    text.remove_prefix(end + 1);
  }
}

bool IsSegment(std::string_view text) {
  return !text.empty() && text != "." && text != ".." && std::ranges::all_of(text, IsOfSegment);
}

bool IsDnsLabel(std::string_view text) {
  return !text.empty() && text.size() <= dns_label_bytes_max && text.front() != '-' &&
         text.back() != '-' &&
         std::ranges::all_of(text, [](char c) { return IsLower(c) || IsDigit(c) || c == '-'; });
}

absl::Status Unidentified(std::string_view why) {
  return MakeError(ErrorReason::kCallerUnidentified, why);
}

}  // namespace

bool IsSpiffeId(std::string_view text) {
  if (text.size() > spiffe_id_bytes_max || !text.starts_with(spiffe_scheme)) return false;
  text.remove_prefix(spiffe_scheme.size());
  const std::size_t slash = text.find('/');
  const std::string_view domain = text.substr(0, slash);
  if (domain.empty() || domain.size() > trust_domain_bytes_max ||
      !std::ranges::all_of(domain, IsOfTrustDomain)) {
    return false;
  }
  return slash == std::string_view::npos || AllParts(text.substr(slash + 1), '/', IsSegment);
}

bool IsDnsName(std::string_view text) {
  return text.size() <= dns_name_bytes_max && AllParts(text, '.', IsDnsLabel);
}

absl::StatusOr<Caller> IdentifyCaller(std::span<const std::string> uris,
                                      std::span<const std::string> dns_names) {
  if (uris.size() > 1) {
    return Unidentified("the certificate has more than one URI among its alternative names");
  }
  if (uris.size() == 1) {
    if (IsSpiffeId(uris.front())) return Caller{uris.front()};
    return Unidentified("the URI among the certificate's alternative names is no SPIFFE id");
  }
  if (dns_names.size() != 1) {
    return Unidentified(
        "the certificate must have one SPIFFE id or, without one, one DNS name among its "
        "alternative names");
  }
  const std::string name = absl::AsciiStrToLower(dns_names.front());
  if (IsDnsName(name)) return Caller{name};
  return Unidentified("the DNS name among the certificate's alternative names names no caller");
}

}  // namespace provisioning
