// SPDX-License-Identifier: Apache-2.0
#include "service/credential/credential_factory.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "service/credential/argon2id.h"
#include "service/credential/bcrypt.h"
#include "service/credential/crockford.h"
#include "service/credential/salted_sha256.h"
#include "service/hash_format/argon2id_hash.h"
#include "service/hash_format/bcrypt_hash.h"
#include "service/hash_format/phc_string.h"
#include "service/model/limits.h"
#include "service/model/random_bytes.h"
#include "service/model/secret_array.h"

namespace provisioning {
namespace {

template <typename Digits>
std::string_view View(const Digits& digits) {
  return {digits.data(), digits.size()};
}

bool VerifyGenerated(std::string_view text, std::string_view typed) {
  const std::optional<PhcString> phc = ParsePhcString(text);
  const std::optional<CrockfordDigits> digits = ReadCrockford(typed);
  return phc && digits && VerifySaltedSha256(*phc, View(*digits));
}

constexpr std::string_view salted_sha256_prefix = "$salted-sha256$";

// What a stored text begins with, and what verifies it. The prefixes end where
// names end, so at most one fits.
struct Verifier {
  std::string_view prefix;
  bool (*verify)(std::string_view text, std::string_view password);
};
constexpr std::array<Verifier, 5> verifiers = {{{salted_sha256_prefix, VerifyGenerated},
                                                {argon2id_prefix, VerifyArgon2id},
                                                {bcrypt_prefixes[0], VerifyBcrypt},
                                                {bcrypt_prefixes[1], VerifyBcrypt},
                                                {bcrypt_prefixes[2], VerifyBcrypt}}};

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

Credential CredentialFactory::Imported(ImportedHash hash) {
  return Credential(std::move(hash).TakeText(), CredentialKind::kLasting);
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

bool CredentialFactory::NeedsRehash(std::string_view phc, std::size_t password_bytes) const {
  if (phc.starts_with(argon2id_prefix)) return !IsArgon2idPhcOf(cost_, phc);
  return ReadBcryptHash(phc) && password_bytes <= bcrypt_password_bytes;
}

bool IsGeneratedCredential(std::string_view phc) { return phc.starts_with(salted_sha256_prefix); }

bool VerifyCredential(std::string_view phc, const SecretString& password) {
  // No password that long was ever hashed.
  if (password.size() > limits::password_bytes_max) return false;
  const auto* const verifier = std::ranges::find_if(
      verifiers, [phc](const Verifier& candidate) { return phc.starts_with(candidate.prefix); });
  return verifier != verifiers.end() && verifier->verify(phc, password.Reveal());
}

}  // namespace provisioning
