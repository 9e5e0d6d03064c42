// SPDX-License-Identifier: Apache-2.0
#include "service/store/postgres/connection_url.h"

#include <libpq-fe.h>

#include <memory>
#include <string_view>

namespace provisioning {
namespace {

class Parts {
 public:
  explicit Parts(const std::string& url)
      : options_(PQconninfoParse(url.c_str(), nullptr), &PQconninfoFree) {}

  bool understood() const { return options_ != nullptr; }
  std::string_view operator[](std::string_view keyword) const {
    for (const PQconninfoOption* option = options_.get(); option->keyword != nullptr; ++option) {
      if (keyword == option->keyword && option->val != nullptr) return option->val;
    }
    return "";
  }

 private:
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options_;
};

bool HasOther(std::string_view text, std::string_view characters) {
  return text.find_first_not_of(characters) != std::string_view::npos;
}

}  // namespace

bool IsConnectionUrl(const std::string& url) {
  const Parts parts(url);
  return parts.understood() && !HasOther(parts["port"], "0123456789,") &&
         parts["host"].find('@') == std::string_view::npos &&
         parts["dbname"].find('@') == std::string_view::npos;
}

bool HasPassword(const std::string& url) {
  const Parts parts(url);
  return !parts["password"].empty() || !parts["sslpassword"].empty();
}

}  // namespace provisioning
