// SPDX-License-Identifier: Apache-2.0
#include "service/store/sqlite/stored_form.h"

#include <gtest/gtest.h>

#include <fstream>
#include <limits>
#include <set>
#include <string>

#include "absl/strings/escaping.h"
#include "tests/support/temp_folder.h"

namespace provisioning {
namespace {

const Uuid import_id = *Uuid::Parse("01234567-89ab-4cde-8f01-23456789abcd");

std::string Hex(std::string_view bytes) {
  return absl::BytesToHexString(absl::string_view(bytes.data(), bytes.size()));
}

TEST(StoredFormTest, AnAddressIsKeyedByHalfItsDigest) {
  // FIPS 180-4's own example.
  EXPECT_EQ(Hex(EmailKey("abc").bytes()), "ba7816bf8f01cfea414140de5dae2223");
  EXPECT_NE(EmailKey("a@x.example").bytes(), EmailKey("b@x.example").bytes());
}

TEST(StoredFormTest, AReferenceIsReadAsItWasWritten) {
  std::set<std::string> forms;
  for (const std::int64_t row_number :
       {std::int64_t{1}, std::int64_t{255}, std::int64_t{256}, std::int64_t{65'536},
        std::int64_t{1} << 40, std::numeric_limits<std::int64_t>::max()}) {
    const RowReference reference{import_id, row_number};
    const StoredReference stored(reference);
    EXPECT_EQ(stored.bytes().size(), 24u);
    EXPECT_EQ(StoredReference::Read(stored.bytes()), reference);
    forms.emplace(stored.bytes());
  }
  EXPECT_EQ(forms.size(), 6u);
  EXPECT_EQ(Hex(StoredReference(RowReference{import_id, 0x1234}).bytes()),
            "0123456789ab4cde8f0123456789abcd0000000000001234");
}

TEST(StoredFormTest, NoReferenceIsZeros) {
  const StoredReference stored(std::nullopt);
  EXPECT_EQ(stored.bytes(), std::string(24, '\0'));
  EXPECT_EQ(StoredReference::Read(stored.bytes()), std::nullopt);
}

TEST(StoredFormTest, PaddingIsTakenOff) {
  EXPECT_EQ(WithoutPadding("$2b$10$abc   "), "$2b$10$abc");
  EXPECT_EQ(WithoutPadding("$2b$10$abc"), "$2b$10$abc");
  EXPECT_EQ(WithoutPadding(""), "");
  EXPECT_EQ(WithoutPadding("   "), "");
}

// The migration fills columns with them.
TEST(StoredFormTest, SqlKnowsTheSameForms) {
  const TempFolder folder;
  std::ofstream(folder.File("a.db")).flush();
  auto connection = Connection::Open(folder.File("a.db"), Connection::Mode::kReadWrite, "");
  ASSERT_TRUE(connection.ok()) << connection.status();
  ASSERT_TRUE(RegisterStoredForms(*connection).ok());
  const auto is_true = [&](const std::string& expression) {
    return connection->ReadNumber("SELECT " + expression).value() == 1;
  };
  EXPECT_TRUE(is_true("email_key('abc')=x'" + Hex(EmailKey("abc").bytes()) + "'"));
  EXPECT_TRUE(is_true("email_key('ä@x')=x'" + Hex(EmailKey("ä@x").bytes()) + "'"));
  EXPECT_TRUE(is_true("row_reference(x'" + Hex(import_id.bytes()) + "', 77)=x'" +
                      Hex(StoredReference(RowReference{import_id, 77}).bytes()) + "'"));
  EXPECT_TRUE(is_true("row_reference(NULL, NULL)=zeroblob(24)"));
}

}  // namespace
}  // namespace provisioning
