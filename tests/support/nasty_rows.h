// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace provisioning {

// Rows whose cells are made of pieces that the rules, or a store, have something
// to say about; most of them good, so that each rule meets rows that break it
// alone. A seed gives the same rows again.
class NastyRows {
 public:
  explicit NastyRows(std::uint64_t seed) : random_(seed) {}

  // email_address, initial_password, first_name, last_name, birthdate, gender,
  // password_hash.
  std::vector<std::string> Cells(std::uint64_t number);
  std::size_t Below(std::size_t bound) { return random_() % bound; }

 private:
  bool Good() { return Below(4) != 0; }
  std::string Nasty();

  std::mt19937_64 random_;
};

}  // namespace provisioning
