// SPDX-License-Identifier: Apache-2.0
// Hashes that others have published, with their passwords.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "service/credential/credential_factory.h"
#include "service/hash_format/phc_string.h"

namespace provisioning {
namespace {

struct Vector {
  std::string password;
  std::string hash;
};

bool Verify(std::string_view phc, std::string_view password) {
  return VerifyCredential(phc, SecretString(password));
}

void ExpectVerified(const std::vector<Vector>& vectors) {
  for (const Vector& vector : vectors) {
    EXPECT_TRUE(Verify(vector.hash, vector.password)) << vector.hash;
    EXPECT_FALSE(Verify(vector.hash, "x" + vector.password)) << vector.hash;
  }
}

std::string Times(std::string_view text, int times) {
  std::string repeated;
  for (int i = 0; i < times; ++i) repeated += text;
  return repeated;
}

// https://github.com/P-H-C/phc-winner-argon2, src/test.c.
TEST(HashVectorsTest, Argon2idOfTheReferenceImplementation) {
  ExpectVerified(
      {{"password",
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"},
       {"password",
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"},
       {"password",
        "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc"},
       {"password",
        "$argon2id$v=19$m=65536,t=1,p=1$c29tZXNhbHQ$9qWtwbpyPd3vm1rB1GThgPzZ3/ydHL92zKL+15XZypg"},
       {"password",
        "$argon2id$v=19$m=65536,t=4,p=1$c29tZXNhbHQ$kCXUjmjvc5XMqQedpMTsOv+zyJEf5PhtGiUghW9jFyw"},
       {"differentpassword",
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$C4TWUs9rDEvq7w3+J4umqA32aWKB1+DSiRuBfYxFj94"},
       {"password",
        "$argon2id$v=19$m=65536,t=2,p=1$ZGlmZnNhbHQ$vfMrBczELrFdWP0ZsfhWsRPaHppYdP3MVEMIVlqoFB"
        "w"}});
}

// golang.org/x/crypto, argon2/argon2_test.go: raw hashes of 24 bytes.
TEST(HashVectorsTest, Argon2idOfGo) {
  struct RawVector {
    std::string_view parameters;
    std::string_view hash;
  };
  constexpr RawVector vectors[] = {
      {"m=64,t=1,p=1", "655ad15eac652dc59f7170a7332bf49b8469be1fdb9c28bb"},
      {"m=64,t=2,p=1", "068d62b26455936aa6ebe60060b0a65870dbfa3ddf8d41f7"},
      {"m=64,t=2,p=2", "350ac37222f436ccb5c0972f1ebd3bf6b958bf2071841362"},
      {"m=256,t=3,p=2", "4668d30ac4187e6878eedeacf0fd83c5a0a30db2cc16ef0b"},
      {"m=4096,t=4,p=4", "145db9733a9f4ee43edf33c509be96b934d505a4efb33c5a"},
      {"m=1024,t=4,p=8", "8dafa8e004f8ea96bf7c0f93eecf67a6047476143d15577f"},
      {"m=64,t=2,p=3", "4a15b31aec7c2590b87d1f520be7d96f56658172deaa3079"},
      {"m=1024,t=3,p=6", "1640b932f4b60e272f5d2207b9a9c626ffa1bd88d2349016"},
  };
  for (const RawVector& vector : vectors) {
    std::vector<std::uint8_t> bytes;
    for (std::size_t i = 0; i < vector.hash.size(); i += 2) {
      bytes.push_back(
          static_cast<std::uint8_t>(std::stoi(std::string(vector.hash.substr(i, 2)), nullptr, 16)));
    }
    std::string phc = "$argon2id$v=19$" + std::string(vector.parameters) + "$c29tZXNhbHQ$";
    AppendBase64(bytes, phc);
    ExpectVerified({{"password", phc}});
  }
}

// The README of argon2-cffi (Python); Spring Security's Argon2PasswordEncoder
// (Java, Bouncy Castle) with its defaults, as micronaut's tests have them.
TEST(HashVectorsTest, Argon2idOfOtherLanguages) {
  ExpectVerified(
      {{"correct horse battery staple",
        "$argon2id$v=19$m=65536,t=3,p=4$MIIRqgvgQbgj220jfp0MPA$YfwJSVjtjSU0zzV/P3S9nnQ/"
        "USre2wvJMjfCIjrTQbg"},
       {"correct horse battery staple",
        "$argon2id$v=19$m=16384,t=2,p=1$oD4J6tHQEKFFoGSw8uyJyg$PaHHvg2gl1OKYaPxIveAoFJ2jqi5s8o"
        "vKOtXSaLte+0"}});
}

// Openwall's crypt_blowfish 1.3, wrapper.c.
TEST(HashVectorsTest, BcryptOfOpenwall) {
  ExpectVerified(
      {{"U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"},
       {"U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK"},
       {"U*U*U", "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a"},
       {"", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy"},
       {"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
        "chars after 72 are ignored",
        "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui"},
       {"\xa3", "$2a$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq"},
       {"\xa3", "$2b$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq"},
       {"\xa3", "$2y$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq"},
       {"\xff\xff\xa3", "$2b$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e"},
       {"\xff\xff\xa3", "$2y$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e"},
       {Times("\xaa", 72) + "chars after 72 are ignored as usual",
        "$2a$05$/OK.fbVrR/bpIqNJ5ianF.swQOIzjOiJ9GHEPuhEkvqrUyvWhEMx6"},
       {Times("\xaa\x55", 36), "$2a$05$/OK.fbVrR/bpIqNJ5ianF.R9xrDjiycxMbQE2bp.vgqlYpW5wx2yy"},
       {Times("\x55\xaa\xff", 24),
        "$2a$05$/OK.fbVrR/bpIqNJ5ianF.9tQZzcJfm3uj2NvJ/n5xkhpqLrMpWCe"}});
}

// jBCrypt (Java), TestBCrypt.java.
TEST(HashVectorsTest, BcryptOfJava) {
  ExpectVerified({{"a", "$2a$10$k87L/MF28Q673VKh8/cPi.SUl7MU/rWuSiIDDFayrKk/1tBsSQu4u"},
                  {"abc", "$2a$10$WvvTPHKwdBJ3uk0Z37EMR.hLA2W6N9AEBhEgrAOljy2Ae5MtaSIUi"},
                  {"abcdefghijklmnopqrstuvwxyz",
                   "$2a$10$fVH8e28OQRj9tqiDXs1e1uxpsjN0c7II7YPKXua2NAKYvM6iQk7dq"},
                  {"abcdefghijklmnopqrstuvwxyz",
                   "$2a$12$D4G5f18o7aMMfwasBL7GpuQWuP3pkrZrOAnqP.bmezbMng.QwJ/pG"},
                  {"~!@#$%^&*()      ~!@#$%^&*()PNBFRD",
                   "$2a$10$LgfYWkbzEvQ4JakH7rOvHe0y8pHKF9OaFgwUZ2q7W2FFZmZzJYlfS"}});
}

// golang.org/x/crypto, bcrypt/bcrypt_test.go; pyca/bcrypt (Python),
// tests/test_bcrypt.py; Laravel (PHP), UserFactory.php; and what Comeonin
// (Elixir) made of a salt with spare bits.
TEST(HashVectorsTest, BcryptOfOtherLanguages) {
  ExpectVerified({{"allmine", "$2a$10$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga"},
                  {"cTT0EAFdwJiLn", "$2b$04$7/Qj7Kd8BcSahPO4khB8me4ssDJCW3r4OGYqPF87jxtrSyPj5cS5m"},
                  {"J8eHUDuxBB520", "$2b$04$VvlCUKbTMjaxaYJ.k5juoecpG/7IzcH1AkmqKi.lIZMVIOLClWAk."},
                  {"password", "$2y$10$92IXUNpkjO0rOQ5byMi.Ye4oKoEa3Ro9llC/.og/at2.uheWG/igi"},
                  {"test", "$2b$10$1234567899123456789012.OtL1A1eGK5wmvBKUDYKvuVKI7h2XBu"}});
}

}  // namespace
}  // namespace provisioning
