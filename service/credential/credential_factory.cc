// SPDX-License-Identifier: Apache-2.0
#include "service/credential/credential_factory.h"

#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "service/credential/argon2id.h"
#include "service/credential/crockford.h"
#include "service/credential/phc_string.h"
#include "service/credential/salted_sha256.h"
#include "service/model/limits.h"
#include "service/model/random_bytes.h"
#include "service/model/secret_array.h"

namespace provisioning {
namespace {

template <typename Digits>
std::string_view View(const Digits& digits) {
  return {digits.data(), digits.size()};
}

bool VerifyGenerated(const PhcString& phc, std::string_view typed) {
  const std::optional<CrockfordDigits> digits = ReadCrockford(typed);
  return digits.has_value() && VerifySaltedSha256(phc, View(*digits));
}

}  // namespace

CredentialFactory::CredentialFactory(HashCost cost) : cost_(cost) {}

std::optional<Credential> CredentialFactory::HashAs(CredentialKind kind,
                                                    const SecretString& password) const {
  std::optional<std::string> phc = Argon2idPhc(cost_, password.Reveal());
  if (!phc.has_value()) return std::nullopt;
  return Credential(*std::move(phc), kind);
}

std::optional<Credential> CredentialFactory::Hash(const SecretString& password) const {
  return HashAs(CredentialKind::kGiven, password);
}

std::optional<Credential> CredentialFactory::HashLasting(const SecretString& password) const {
  return HashAs(CredentialKind::kLasting, password);
}

CredentialFactory::Generated CredentialFactory::Generate() const {
  SecretArray<std::uint8_t, crockford_random_bytes + salted_sha256_salt_bytes> random;
  FillRandom(random);
  const std::span bytes(random);
  const CrockfordDigits digits = EncodeCrockford(bytes.first<crockford_random_bytes>());
  const auto salt = bytes.last<salted_sha256_salt_bytes>();
  return {SecretString(View(GroupCrockford(digits))),
          Credential(SaltedSha256Phc(salt, View(digits)), CredentialKind::kGenerated)};
}

bool CredentialFactory::NeedsRehash(std::string_view phc, std::size_t /*password_bytes*/) const {
  const std::optional<PhcString> parsed = ParsePhcString(phc);
  if (!parsed || parsed->scheme != argon2id_scheme || parsed->parameters.size() != 3) return false;
  return parsed->parameters[0].value != static_cast<std::uint32_t>(cost_.memory_kib) ||
         parsed->parameters[1].value != static_cast<std::uint32_t>(cost_.iterations);
}

bool IsGeneratedCredential(std::string_view phc) {
  return phc.size() > salted_sha256_scheme.size() + 1 &&
         phc.substr(1).starts_with(salted_sha256_scheme);
}

bool VerifyCredential(std::string_view phc, const SecretString& password) {
  // No password that long was ever hashed.
  if (password.size() > limits::password_bytes_max) return false;
  const std::optional<PhcString> parsed = ParsePhcString(phc);
  if (!parsed.has_value()) return false;
  if (parsed->scheme == salted_sha256_scheme) return VerifyGenerated(*parsed, password.Reveal());
  return VerifyArgon2id(*parsed, password.Reveal());
}

}  // namespace provisioning
