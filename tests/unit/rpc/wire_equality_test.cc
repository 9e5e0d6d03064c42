// SPDX-License-Identifier: Apache-2.0
// What is written down twice, held against each other: the tests' own request
// messages and the contract's, and the service's enums and the contract's.
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"
#include "provisioning/v1/error_reason.pb.h"
#include "service/model/error.h"
#include "service/model/field_issue.h"
#include "service/model/row_result.h"
#include "service/rules/import_schema.h"
#include "tests/unit/rpc/import_wire.pb.h"

namespace provisioning {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;

// Beyond every number that an enum of the contract has.
constexpr int numbers_end = 1000;

FieldDescriptor::Type BytesForString(const FieldDescriptor& field) {
  return field.type() == FieldDescriptor::TYPE_STRING ? FieldDescriptor::TYPE_BYTES : field.type();
}

std::string OneofName(const FieldDescriptor& field) {
  return field.real_containing_oneof() == nullptr ? "" : field.real_containing_oneof()->name();
}

void ExpectEqualOnTheWire(const Descriptor& ours, const Descriptor& contract) {
  SCOPED_TRACE(contract.full_name());
  EXPECT_EQ(ours.name(), contract.name());
  ASSERT_EQ(ours.field_count(), contract.field_count());
  for (int i = 0; i < contract.field_count(); ++i) {
    const FieldDescriptor& theirs = *contract.field(i);
    SCOPED_TRACE(theirs.name());
    const FieldDescriptor* field = ours.FindFieldByNumber(theirs.number());
    ASSERT_NE(field, nullptr);
    EXPECT_EQ(field->name(), theirs.name());
    EXPECT_EQ(field->label(), theirs.label());
    EXPECT_EQ(field->has_presence(), theirs.has_presence());
    EXPECT_EQ(OneofName(*field), OneofName(theirs));
    EXPECT_EQ(field->type(), BytesForString(theirs));
    if (field->message_type() != nullptr) {
      EXPECT_EQ(field->message_type()->name(), theirs.message_type()->name());
    }
  }
}

TEST(WireEqualityTest, MessagesAreThoseOfTheContract) {
  ExpectEqualOnTheWire(*wire::ImportClientsRequest::descriptor(),
                       *v1::ImportClientsRequest::descriptor());
  ExpectEqualOnTheWire(*wire::ImportRows::descriptor(), *v1::ImportRows::descriptor());
  ExpectEqualOnTheWire(*wire::ClientRow::descriptor(), *v1::ClientRow::descriptor());
}

// Whatever else the request refers to is the contract's own.
TEST(WireEqualityTest, StartAndEndAreTheContractsOwn) {
  const Descriptor& request = *wire::ImportClientsRequest::descriptor();
  EXPECT_EQ(request.FindFieldByName("start")->message_type(), v1::ImportStart::descriptor());
  EXPECT_EQ(request.FindFieldByName("end")->message_type(), v1::ImportEnd::descriptor());
}

TEST(WireEqualityTest, ColumnsAreTheCellsOfARow) {
  const Descriptor& row = *v1::ClientRow::descriptor();
  ASSERT_EQ(row.field_count(), 1 + column_count);
  EXPECT_EQ(row.field(0)->name(), "row_number");
  for (int i = 0; i < column_count; ++i) {
    EXPECT_EQ(row.field(1 + i)->name(), ColumnName(static_cast<Column>(i)));
  }
}

// The contract's values by number, without the enum's prefix and its zero.
std::map<int, std::string> ValuesOf(const EnumDescriptor& contract, std::string_view prefix) {
  std::map<int, std::string> values;
  for (int i = 0; i < contract.value_count(); ++i) {
    const std::string& name = contract.value(i)->name();
    EXPECT_TRUE(name.starts_with(prefix)) << name;
    values[contract.value(i)->number()] = name.substr(prefix.size());
  }
  EXPECT_EQ(values[0], "UNSPECIFIED");
  values.erase(0);
  return values;
}

// Ours, as far as they have names.
std::map<int, std::string> ValuesOf(const std::function<std::string_view(int)>& name_of) {
  std::map<int, std::string> values;
  for (int number = 0; number < numbers_end; ++number) {
    if (const std::string_view name = name_of(number); !name.empty()) values[number] = name;
  }
  return values;
}

TEST(WireEqualityTest, RowOutcomesAreTheContracts) {
  const auto ours = ValuesOf([](int n) { return RowOutcomeName(static_cast<RowOutcome>(n)); });
  EXPECT_EQ(ours, ValuesOf(*v1::RowOutcome_descriptor(), "ROW_OUTCOME_"));
  EXPECT_EQ(ours.size(), static_cast<std::size_t>(row_outcome_count));
}

TEST(WireEqualityTest, ErrorReasonsAreTheContracts) {
  EXPECT_EQ(ValuesOf([](int n) { return ErrorReasonName(static_cast<ErrorReason>(n)); }),
            ValuesOf(*v1::ErrorReason_descriptor(), "ERROR_REASON_"));
}

TEST(WireEqualityTest, FieldIssueCodesAreTheContracts) {
  EXPECT_EQ(ValuesOf([](int n) { return FieldIssueCodeName(static_cast<FieldIssueCode>(n)); }),
            ValuesOf(*v1::FieldIssueCode_descriptor(), "FIELD_ISSUE_CODE_"));
}

TEST(WireEqualityTest, OutcomesAreCountedUnderTheirNames) {
  const auto outcomes = ValuesOf(*v1::RowOutcome_descriptor(), "ROW_OUTCOME_");
  const Descriptor& counts = *v1::OutcomeCounts::descriptor();
  ASSERT_EQ(counts.field_count(), static_cast<int>(outcomes.size()));
  for (const auto& [number, name] : outcomes) {
    const FieldDescriptor* field = counts.FindFieldByNumber(number);
    ASSERT_NE(field, nullptr) << name;
    std::string upper = field->name();
    for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    EXPECT_EQ(upper, name);
  }
}

}  // namespace
}  // namespace provisioning
