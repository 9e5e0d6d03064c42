// SPDX-License-Identifier: Apache-2.0
#include "service/credential/salted_sha256.h"

#include <gtest/gtest.h>

#include <numeric>
#include <string>

namespace provisioning {
namespace {

std::string Hex(const Sha256Digest& digest) {
  std::string text;
  for (const std::uint8_t byte : digest) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

std::array<std::uint8_t, salted_sha256_salt_bytes> CountingSalt() {
  std::array<std::uint8_t, salted_sha256_salt_bytes> salt;
  std::iota(salt.begin(), salt.end(), std::uint8_t{0});
  return salt;
}

// FIPS 180-2, appendix B: "abc" and the message of two blocks, cut into salt and
// message in the middle.
TEST(SaltedSha256Test, KnownDigests) {
  const std::array<std::uint8_t, 1> a = {'a'};
  EXPECT_EQ(Hex(SaltedSha256(a, "bc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const std::array<std::uint8_t, 8> abcdbcde = {'a', 'b', 'c', 'd', 'b', 'c', 'd', 'e'};
  EXPECT_EQ(Hex(SaltedSha256(abcdbcde, "cdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

// Computed with `{ printf '\0\1...\17'; printf 0123...; } | openssl dgst -sha256
// -binary | base64`.
TEST(SaltedSha256Test, KnownString) {
  EXPECT_EQ(SaltedSha256Phc(CountingSalt(), "0123456789ABCDEFGHJKMNPQRS"),
            "$salted-sha256$AAECAwQFBgcICQoLDA0ODw$XsXE82Ue/E2WdHcvMGd+IEyeXoUlSziqfvT7kqAj1Hg");
}

TEST(SaltedSha256Test, OnlyItsOwnFormIsVerified) {
  const auto verify = [](std::string_view text) {
    const std::optional<PhcString> phc = ParsePhcString(text);
    EXPECT_TRUE(phc.has_value()) << text;
    return VerifySaltedSha256(*phc, "message");
  };
  std::string own = SaltedSha256Phc(CountingSalt(), "message");
  EXPECT_TRUE(verify(own));
  const std::string behind_scheme = own.substr(own.find('$', 1));
  EXPECT_FALSE(verify("$sha256" + behind_scheme));
  EXPECT_FALSE(verify("$salted-sha256$v=1" + behind_scheme));
  EXPECT_FALSE(verify("$salted-sha256$i=1" + behind_scheme));
  EXPECT_FALSE(verify("$salted-sha256$Zm9v" + behind_scheme.substr(behind_scheme.find('$', 1))));
  EXPECT_FALSE(verify(own.substr(0, own.rfind('$')) + "$Zm9v"));
}

}  // namespace
}  // namespace provisioning
