// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "service/credential/hash_cost.h"
#include "service/model/credential.h"
#include "service/model/imported_hash.h"
#include "service/model/secret_string.h"

namespace provisioning {

// Makes credentials. Any thread.
class CredentialFactory {
 public:
  explicit CredentialFactory(HashCost cost);

  // A temporary password: Argon2id with a random salt of 16 bytes. Takes tens of
  // milliseconds of CPU and cost.memory_kib of memory. Nothing if that memory
  // cannot be had.
  std::optional<Credential> Hash(const SecretString& password) const;
  // The same of a lasting one.
  std::optional<Credential> HashLasting(const SecretString& password) const;
  // A lasting one whose password nobody here knows.
  static Credential Imported(ImportedHash hash);

  // A new random password and its salted SHA-256, in microseconds. NIST SP
  // 800-63B allows a plain salted hash from 112 random bits on.
  struct Generated {
    // 26 digits of Crockford's base32, upper case, as XXXXX-XXXXX-XXXXX-XXXXX-XXXXXX:
    // 130 bits.
    SecretString password;
    Credential credential;
  };
  Generated Generate() const;

  // Whether `phc`, which a password of `password_bytes` was just verified
  // against, should be replaced by HashLasting of it: it is of another scheme or
  // cost. Never one that was generated, and never bcrypt's of a password that it
  // did not read whole: what the person typed behind the 72nd byte may be wrong.
  bool NeedsRehash(std::string_view phc, std::size_t password_bytes) const;

 private:
  std::optional<Credential> HashAs(CredentialKind kind, const SecretString& password) const;

  const HashCost cost_;
};

// Whether `password` is the one that `phc` was made of, in constant time. A
// generated one may be typed in any letter case, with or without hyphens and
// spaces, and with O for 0 and I or L for 1. A `phc` of no known scheme, or above
// the bounds in limits.h, matches nothing. Blocks for the time of a hash.
bool VerifyCredential(std::string_view phc, const SecretString& password);

// Whether it is the hash of a password that the service made: verified in
// microseconds.
bool IsGeneratedCredential(std::string_view phc);

}  // namespace provisioning
