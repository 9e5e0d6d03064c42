// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bitset>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace provisioning {

// What a caller may be allowed to do in an organization.
enum class Verb {
  kImport,    // ImportClients
  kValidate,  // ImportClients with validate_only
  kRead,      // GetClient, ListClients, GetImport, ListImports
  kCreate,    // CreateClient
  kActivate,  // ActivateClient
  kVerify,    // VerifyPassword
  kReissue,   // ReissueTemporaryPassword, and ImportClients with REISSUE_PENDING
  kDelete,    // DeleteClient
  kRevert,    // RevertImport
};
inline constexpr int verb_count = 9;

// "import" ...: the word of the policy file.
std::string_view VerbName(Verb verb);
std::optional<Verb> ParseVerb(std::string_view name);

class VerbSet {
 public:
  VerbSet() = default;
  VerbSet(Verb verb) { Add(verb); }  // NOLINT(google-explicit-constructor): one is a set.
  VerbSet(std::initializer_list<Verb> verbs) {
    for (const Verb verb : verbs) Add(verb);
  }
  static VerbSet All() {
    VerbSet all;
    all.bits_.set();
    return all;
  }

  void Add(Verb verb) { bits_.set(static_cast<std::size_t>(verb)); }
  bool Has(Verb verb) const { return bits_.test(static_cast<std::size_t>(verb)); }
  bool empty() const { return bits_.none(); }
  // One of these that `allowed` has not.
  std::optional<Verb> FirstNotIn(const VerbSet& allowed) const;

  bool operator==(const VerbSet&) const = default;

 private:
  std::bitset<verb_count> bits_;
};

}  // namespace provisioning
