// SPDX-License-Identifier: Apache-2.0
#include "service/rules/password_strength.h"

#include <string.h>
#include <zxcvbn.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace provisioning {
namespace {

constexpr double strong_bits = 26.575;    // log2(10^8)
constexpr double uncommon_bits = 19.932;  // log2(10^6)
constexpr std::size_t known_words_max = 4;

// What the estimate looks at; its time grows with the square and more.
constexpr std::size_t looked_at_bytes = 32;

// A beginning of a text, ended by a NUL.
class ShortText {
 public:
  ShortText() = default;
  ~ShortText() { explicit_bzero(bytes_.data(), bytes_.size()); }

  void Set(std::string_view text) { text.copy(bytes_.data(), looked_at_bytes); }
  const char* c_str() const { return bytes_.data(); }

 private:
  std::array<char, looked_at_bytes + 1> bytes_{};
};

// The logarithm of how many tries it takes.
double GuessBits(std::string_view password, std::initializer_list<std::string_view> known_words) {
  std::array<ShortText, known_words_max> words;
  std::array<const char*, known_words_max + 1> dictionary{};
  std::size_t count = 0;
  for (const std::string_view word : known_words) {
    if (word.empty() || word.front() == '\0' || count == known_words_max) continue;
    words[count].Set(word);
    dictionary[count] = words[count].c_str();
    ++count;
  }
  ShortText text;
  text.Set(password);
  return ZxcvbnMatch(text.c_str(), dictionary.data(), nullptr);
}

}  // namespace

bool IsWeakPassword(std::string_view password,
                    std::initializer_list<std::string_view> known_words) {
  return GuessBits(password, known_words) < strong_bits;
}

bool IsCommonPassword(std::string_view password,
                      std::initializer_list<std::string_view> known_words) {
  return GuessBits(password, known_words) < uncommon_bits;
}

}  // namespace provisioning
