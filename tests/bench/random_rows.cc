// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/random_rows.h"

#include <random>

#include "provisioning/v1/client_provisioning_service.pb.h"
#include "tests/support/wire_bytes.h"

namespace provisioning {
namespace {

constexpr const char* first_names[] = {"Ada", "Bo", "Chiara", "Zoë", "Emeka", "Fleur", "花子"};
constexpr const char* last_names[] = {"Lund", "Strand", "Conti", "Müller", "Obi", "Ilić", "佐藤"};

std::string Letters(std::uint64_t bits, int count) {
  std::string text;
  for (int i = 0; i < count; ++i, bits /= 26) text += static_cast<char>('a' + bits % 26);
  return text;
}

// SplitMix64: one look at the number is enough.
std::uint64_t Mix(std::int64_t number, std::uint64_t seed) {
  std::uint64_t bits = seed + static_cast<std::uint64_t>(number) * 0x9E3779B97F4A7C15;
  bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
  bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
  return bits ^ (bits >> 31);
}

}  // namespace

v1::ClientRow RandomRow(std::int64_t number, std::uint64_t seed) {
  const std::uint64_t bits = Mix(number, seed);
  v1::ClientRow row;
  row.set_row_number(number);
  // The number makes it unique, its place at the end leaves the order random.
  row.set_email_address(Letters(bits, 10) + std::to_string(number) + "@example.com");
  row.set_first_name(first_names[bits % std::size(first_names)]);
  row.set_last_name(last_names[bits / 7 % std::size(last_names)]);
  if (bits % 4 != 0) {
    row.set_birthdate(std::to_string(1940 + bits / 49 % 70) + "0" +
                      std::to_string(1 + bits / 3430 % 9) + "15");
    row.set_gender(bits % 2 == 0 ? "F" : "M");
  }
  return row;
}

std::string RandomHash(std::int64_t number, std::uint64_t seed) {
  // 16 and 32 bytes in base64, the last digits without spare bits.
  std::string digits;
  for (std::uint64_t part = 0; part < 5; ++part) digits += Letters(Mix(number, seed + part), 13);
  return "$argon2id$v=19$m=65536,t=3,p=4$" + digits.substr(0, 21) + "A$" + digits.substr(21, 42) +
         "A";
}

grpc::ByteBuffer RowMessage(std::int64_t first, std::int64_t last, std::uint64_t seed,
                            const std::string& password) {
  v1::ImportClientsRequest request;
  for (std::int64_t i = first; i <= std::min(last, first + rows_per_message - 1); ++i) {
    v1::ClientRow& row = *request.mutable_rows()->add_rows();
    row = RandomRow(i, seed);
    if (!password.empty()) row.set_initial_password(password + std::to_string(i));
  }
  return ToBytes(request);
}

std::vector<grpc::ByteBuffer> RowMessages(std::int64_t count, std::uint64_t seed,
                                          const std::string& password) {
  std::vector<grpc::ByteBuffer> messages;
  for (std::int64_t first = 1; first <= count; first += rows_per_message) {
    messages.push_back(RowMessage(first, count, seed, password));
  }
  return messages;
}

std::vector<grpc::ByteBuffer> HashedRowMessages(std::int64_t count, std::uint64_t seed) {
  std::vector<grpc::ByteBuffer> messages;
  for (std::int64_t first = 1; first <= count; first += rows_per_message) {
    v1::ImportClientsRequest request;
    for (std::int64_t i = first; i <= std::min(count, first + rows_per_message - 1); ++i) {
      v1::ClientRow& row = *request.mutable_rows()->add_rows();
      row = RandomRow(i, seed);
      row.set_password_hash(RandomHash(i, seed));
    }
    messages.push_back(ToBytes(request));
  }
  return messages;
}

}  // namespace provisioning
