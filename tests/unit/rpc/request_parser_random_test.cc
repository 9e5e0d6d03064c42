// SPDX-License-Identifier: Apache-2.0
// Damaged messages: read as protobuf reads them, or refused; never a crash.
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/escaping.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "gtest/gtest.h"
#include "service/model/error.h"
#include "service/model/limits.h"
#include "service/rpc/request_parser.h"
#include "tests/unit/rpc/import_wire.pb.h"

namespace provisioning {
namespace {

constexpr int damaged_messages = 20'000;

class Damage {
 public:
  explicit Damage(unsigned seed) : random_(seed) {}

  std::string Message() {
    wire::ImportClientsRequest message;
    message.mutable_rows();
    for (int i = Below(6); i > 0; --i) {
      wire::ClientRow& row = *message.mutable_rows()->add_rows();
      row.set_row_number(Below(1000));
      row.set_email_address(std::string(Below(20), 'a'));
      row.set_initial_password(std::string(Below(200), 'b'));
      row.set_first_name(std::string(Below(3), 'c'));
      row.set_last_name(std::string(Below(3), 'd'));
      row.set_birthdate(std::string(Below(9), '1'));
      row.set_gender(std::string(Below(2), 'F'));
      row.set_password_hash(std::string(Below(70), '$'));
    }
    std::string bytes = message.SerializeAsString();
    for (int i = Below(4); i > 0; --i) Harm(bytes);
    return bytes;
  }

 private:
  int Below(int end) { return std::uniform_int_distribution<int>(0, end - 1)(random_); }

  void Harm(std::string& bytes) {
    if (bytes.empty()) return;
    const int place = Below(static_cast<int>(bytes.size()));
    switch (Below(4)) {
      case 0:
        bytes[place] = static_cast<char>(Below(256));
        break;
      case 1:
        bytes.resize(place);
        break;
      case 2:
        bytes.insert(place, 1, static_cast<char>(Below(256)));
        break;
      default:
        bytes += bytes.substr(place);
    }
  }

  std::mt19937 random_;
};

TEST(RequestParserRandomTest, AgreesWithProtobuf) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  Damage damage(seed);
  int readable = 0;
  for (int i = 0; i < damaged_messages; ++i) {
    const std::string bytes = damage.Message();
    wire::ImportClientsRequest expected;
    const bool parses = expected.ParseFromString(bytes);
    google::protobuf::io::ArrayInputStream stream(bytes.data(), static_cast<int>(bytes.size()));
    const auto request = ParseImportRequest(stream);
    if (!parses || expected.message_case() == wire::ImportClientsRequest::MESSAGE_NOT_SET) {
      EXPECT_EQ(ReasonOf(request.status()), ErrorReason::kMessageUnreadable)
          << absl::CHexEscape(bytes);
    } else if (expected.has_rows()) {
      ++readable;
      ASSERT_TRUE(request.ok()) << request.status();
      const auto& rows = std::get<std::vector<ClientRow>>(*request);
      ASSERT_EQ(rows.size(), static_cast<std::size_t>(expected.rows().rows_size()));
      for (int r = 0; r < expected.rows().rows_size(); ++r) {
        const wire::ClientRow& row = expected.rows().rows(r);
        EXPECT_EQ(rows[r].row_number, row.row_number());
        EXPECT_EQ(rows[r].email_address, row.email_address());
        EXPECT_EQ(rows[r].initial_password.Reveal(), row.initial_password());
        EXPECT_EQ(rows[r].first_name, row.first_name());
        EXPECT_EQ(rows[r].last_name, row.last_name());
        EXPECT_EQ(rows[r].birthdate, row.birthdate());
        EXPECT_EQ(rows[r].gender, row.gender());
        EXPECT_EQ(rows[r].password_hash.Reveal(), row.password_hash());
      }
    }
    if (HasFailure()) return;
  }
  EXPECT_GT(readable, damaged_messages / 10);
  EXPECT_LT(readable, damaged_messages);
}

}  // namespace
}  // namespace provisioning
