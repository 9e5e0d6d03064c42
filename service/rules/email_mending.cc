// SPDX-License-Identifier: Apache-2.0
#include "service/rules/email_mending.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <memory>

#include "absl/strings/str_replace.h"
#include "service/rules/characters.h"
#include "service/rules/email_form.h"

namespace provisioning {
namespace {

constexpr std::string_view mailto = "mailto:";
constexpr char ideographic_full_stop[] = "\u3002";
constexpr std::string_view list_separators = ";, \t";

// The library's time grows with the square of a text's combining marks.
constexpr std::size_t mended_bytes_max = 512;

std::string StoredOrEmpty(std::string_view text) { return StoredForm(text).value_or(""); }

bool IsWrapped(std::string_view text) {
  if (text.size() < 3) return false;
  const char first = text.front();
  const char last = text.back();
  return (first == '"' && last == '"') || (first == '\'' && last == '\'') ||
         (first == '(' && last == ')') || (first == '[' && last == ']');
}

std::string AddressInAngleBrackets(std::string_view text) {
  const std::size_t open = text.find('<');
  const std::size_t close = text.find('>', open == std::string_view::npos ? 0 : open);
  if (open == std::string_view::npos || close == std::string_view::npos) return "";
  if (text.find('<', open + 1) != std::string_view::npos) return "";
  return StoredOrEmpty(TrimWhiteSpace(text.substr(open + 1, close - open - 1)));
}

struct AddressList {
  int pieces = 0;
  int with_at_sign = 0;
  std::string_view last_with_at_sign;
};

AddressList SplitList(std::string_view text) {
  AddressList list;
  while (true) {
    const std::size_t begin = text.find_first_not_of(list_separators);
    if (begin == std::string_view::npos) return list;
    text.remove_prefix(begin);
    const std::string_view piece = text.substr(0, text.find_first_of(list_separators));
    text.remove_prefix(piece.size());
    ++list.pieces;
    if (piece.find('@') == std::string_view::npos || piece == "@") continue;
    ++list.with_at_sign;
    list.last_with_at_sign = piece;
  }
}

}  // namespace

BareAddress FindBareAddress(std::string_view text) {
  if (text.find_first_of("<>") != std::string_view::npos) {
    return {false, AddressInAngleBrackets(text)};
  }
  if (LowerCase(text.substr(0, mailto.size())) == mailto) {
    text.remove_prefix(mailto.size());
    return {false, StoredOrEmpty(text.substr(0, text.find('?')))};
  }
  if (IsWrapped(text)) return {false, StoredOrEmpty(text.substr(1, text.size() - 2))};
  const AddressList list = SplitList(text);
  if (list.with_at_sign > 1) return {false, ""};
  if (list.with_at_sign == 1 && list.pieces == 1 && list.last_with_at_sign != text) {
    return {false, StoredOrEmpty(list.last_with_at_sign)};
  }
  return {};
}

std::string MendedAddress(std::string_view text) {
  if (text.size() > mended_bytes_max) return "";
  utf8proc_uint8_t* mapped = nullptr;
  const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                 static_cast<utf8proc_ssize_t>(text.size()), &mapped,
                                 static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE |
                                                                UTF8PROC_COMPAT | UTF8PROC_IGNORE));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(mapped, &std::free);
  if (size <= 0) return "";
  const std::string mended = absl::StrReplaceAll(
      absl::string_view(reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(size)),
      {{ideographic_full_stop, "."}});
  const std::size_t at = mended.find('@');
  if (at == std::string::npos) return "";
  const std::string_view whole = mended;
  std::string_view domain = TrimWhiteSpace(whole.substr(at + 1));
  if (domain.ends_with('.')) domain.remove_suffix(1);
  std::string address(TrimWhiteSpace(whole.substr(0, at)));
  return StoredOrEmpty(address.append("@").append(domain));
}

}  // namespace provisioning
