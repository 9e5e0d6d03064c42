// SPDX-License-Identifier: Apache-2.0
#include "tests/support/nasty_rows.h"

namespace provisioning {
namespace {

using namespace std::string_literals;

// Pieces that the rules have something to say about, and their neighbours.
const std::vector<std::string>& NastyPieces() {
  static const std::vector<std::string> pieces = {"a",
                                                  "b",
                                                  "Z",
                                                  "0",
                                                  "9",
                                                  "@",
                                                  "@",
                                                  ".",
                                                  ".",
                                                  "-",
                                                  "_",
                                                  "+",
                                                  " ",
                                                  "\t",
                                                  "\"",
                                                  "'",
                                                  "\n",
                                                  "\r\n",
                                                  ",",
                                                  ";",
                                                  "=",
                                                  "#",
                                                  "#N/A",
                                                  "#REF!",
                                                  "Err:502",
                                                  "<",
                                                  ">",
                                                  "mailto:",
                                                  "example.com",
                                                  "x.example",
                                                  "gmial.com",
                                                  "xn--",
                                                  "xn--mnchen-3ya.example",
                                                  "19811120",
                                                  "1981-11-20",
                                                  "20.11.1981",
                                                  "29910",
                                                  "1.9811E+07",
                                                  "19810230",
                                                  "M",
                                                  "F",
                                                  "female",
                                                  "$2a$",
                                                  "$2b$10$",
                                                  "$2y$04$",
                                                  "$2b$31$",
                                                  "$argon2id$",
                                                  "$argon2id$v=19$m=65536,t=3,p=4$",
                                                  "$argon2id$v=19$m=8,t=1,p=1$",
                                                  "$6$",
                                                  "password",
                                                  "12345678",
                                                  "\0"s,
                                                  "\x7F",
                                                  "\xC2\x85",
                                                  "\xC2\xA0",
                                                  "\xE2\x80\xAE",
                                                  "\xE2\x80\x8B",
                                                  "\xEF\xBB\xBF",
                                                  "\xEF\xBF\xBF",
                                                  "\xED\xA0\x80",
                                                  "\xFF",
                                                  "\xC3",
                                                  "\xE9",
                                                  "\xC3\xBC",
                                                  "u\xCC\x88",
                                                  "\xCE\x91",
                                                  "\xD7\x90",
                                                  "\xD8\xA7",
                                                  "\xE0\xA4\x95",
                                                  "\xE5\xB1\xB1",
                                                  "\xF0\xA0\xAE\xB7",
                                                  "\xF0\x9F\x98\x80",
                                                  "\xF0\xBF\xBF\xBE",
                                                  "\xE2\x84\xAB",
                                                  "\xEF\xBC\xA1",
                                                  "\xCD\x8F"};
  return pieces;
}

constexpr char hash[] = "$2a$10$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga";

}  // namespace

std::vector<std::string> NastyRows::Cells(std::uint64_t number) {
  const bool has_hash = Below(4) == 0;
  return {Good() ? "client" + std::to_string(number) + "@x.example" : Nasty(),
          has_hash && Good() ? ""
          : Good()           ? "correct horse " + std::to_string(number)
                             : Nasty(),
          Good() ? "Ann" : Nasty(),
          Good() ? "Ng" : Nasty(),
          Good() ? "19811120" : Nasty(),
          Good() ? "F" : Nasty(),
          !has_hash ? ""
          : Good()  ? hash
                    : Nasty()};
}

std::string NastyRows::Nasty() {
  const auto piece = [this] { return NastyPieces()[Below(NastyPieces().size())]; };
  if (Below(8) == 0) return "";
  if (Below(40) == 0) return std::string(Below(5000), 'x') + piece();
  std::string text;
  for (std::size_t pieces = 1 + Below(7); pieces > 0; --pieces) text += piece();
  return text;
}

}  // namespace provisioning
