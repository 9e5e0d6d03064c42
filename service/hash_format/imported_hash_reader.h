// SPDX-License-Identifier: Apache-2.0
// Which hashes of other products can be imported. Pure text: nothing is hashed.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "service/model/imported_hash.h"

namespace provisioning {

// Why a text cannot be imported.
enum class HashFault {
  kScheme,     // It begins as no scheme in the table does.
  kForm,       // It is not what its scheme looks like.
  kTooWeak,    // It is too cheap to guess against.
  kTooCostly,  // Verifying it would take too much memory or time.
};

// A scheme whose hashes can be imported. To add one: its line in the table, and
// one in that of credential/credential_factory.cc.
struct HashScheme {
  std::string_view name;
  std::span<const std::string_view> prefixes;
  std::optional<HashFault> (*fault_of)(std::string_view text);  // Nothing: there is none.
  // For people, without a full stop: what a hash looks like; its least and its
  // highest cost.
  std::string_view form;
  std::string_view floor;
  std::string_view ceiling;
};

std::span<const HashScheme> HashSchemes();

struct HashRefusal {
  HashFault fault = HashFault::kScheme;
  const HashScheme* scheme = nullptr;  // Null only with kScheme.
};

class ImportedHashReader {
 public:
  // Takes any bytes.
  static std::variant<ImportedHash, HashRefusal> Read(std::string_view text);
};

}  // namespace provisioning
