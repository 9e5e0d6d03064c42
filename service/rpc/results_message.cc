// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/results_message.h"

#include <cstring>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/wire_format_lite.h"
#include "provisioning/v1/client_provisioning_service.pb.h"
#include "service/rpc/message_conversion.h"

namespace provisioning {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedOutputStream;

constexpr std::size_t size_aim = 256 << 10;

template <typename Message>
std::size_t SizeOf(const Message& message);

// Takes the fields of a message, and adds up what they take. As in proto3, a
// field with its default value is not there.
class FieldCounter {
 public:
  void Number(int field, std::uint64_t value) {
    if (value != 0) size_ += TagSize(field) + CodedOutputStream::VarintSize64(value);
  }
  void Text(int field, std::string_view text) {
    if (!text.empty()) Sized(field, text.size());
  }
  template <typename Message>
  void Nested(int field, const Message& message) {
    Sized(field, SizeOf(message));
  }
  // A field whose content has this size.
  void Sized(int field, std::size_t content_size) {
    size_ += TagSize(field) +
             CodedOutputStream::VarintSize32(static_cast<std::uint32_t>(content_size)) +
             content_size;
  }
  std::size_t size() const { return size_; }

 private:
  static std::size_t TagSize(int field) {
    return WireFormatLite::TagSize(field, WireFormatLite::TYPE_BYTES);
  }

  std::size_t size_ = 0;
};

// Takes the same fields, and writes them.
class FieldWriter {
 public:
  explicit FieldWriter(std::uint8_t* place) : place_(place) {}

  void Number(int field, std::uint64_t value) {
    if (value == 0) return;
    place_ = WireFormatLite::WriteTagToArray(field, WireFormatLite::WIRETYPE_VARINT, place_);
    place_ = CodedOutputStream::WriteVarint64ToArray(value, place_);
  }
  void Text(int field, std::string_view text) {
    if (text.empty()) return;
    Begin(field, text.size());
    std::memcpy(place_, text.data(), text.size());
    place_ += text.size();
  }
  template <typename Message>
  void Nested(int field, const Message& message) {
    Begin(field, SizeOf(message));
    PutFields(message, *this);
  }
  // The tag and size of a field whose content follows.
  void Begin(int field, std::size_t content_size) {
    place_ =
        WireFormatLite::WriteTagToArray(field, WireFormatLite::WIRETYPE_LENGTH_DELIMITED, place_);
    place_ =
        CodedOutputStream::WriteVarint32ToArray(static_cast<std::uint32_t>(content_size), place_);
  }

 private:
  std::uint8_t* place_;
};

template <typename Fields>
void PutFields(absl::Time time, Fields& fields) {
  google::protobuf::Timestamp message;
  ToMessage(time, message);
  fields.Number(google::protobuf::Timestamp::kSecondsFieldNumber,
                static_cast<std::uint64_t>(message.seconds()));
  fields.Number(google::protobuf::Timestamp::kNanosFieldNumber,
                static_cast<std::uint64_t>(message.nanos()));
}

template <typename Fields>
void PutFields(const FieldIssue& issue, Fields& fields) {
  fields.Text(v1::FieldIssue::kFieldFieldNumber, issue.field);
  fields.Number(v1::FieldIssue::kCodeFieldNumber, static_cast<std::uint64_t>(issue.code));
  fields.Text(v1::FieldIssue::kMessageFieldNumber, issue.message);
  fields.Text(v1::FieldIssue::kSuggestionFieldNumber, issue.suggestion);
}

template <typename Fields>
void PutFields(const RowResult& result, Fields& fields) {
  using Message = v1::RowResult;
  fields.Number(Message::kRowNumberFieldNumber, static_cast<std::uint64_t>(result.row_number));
  fields.Number(Message::kOutcomeFieldNumber, static_cast<std::uint64_t>(result.outcome));
  fields.Text(Message::kEmailAddressFieldNumber, result.email_address);
  if (!result.client_id.is_nil()) {
    fields.Text(Message::kClientIdFieldNumber, result.client_id.ToString());
  }
  fields.Text(Message::kTemporaryPasswordFieldNumber, result.temporary_password.Reveal());
  if (result.password_expires_at != absl::InfinitePast()) {
    fields.Nested(Message::kPasswordExpiresAtFieldNumber, result.password_expires_at);
  }
  fields.Number(Message::kFirstRowNumberFieldNumber,
                static_cast<std::uint64_t>(result.first_row_number));
  for (const FieldIssue& issue : result.violations) {
    fields.Nested(Message::kViolationsFieldNumber, issue);
  }
  for (const FieldIssue& issue : result.warnings) {
    fields.Nested(Message::kWarningsFieldNumber, issue);
  }
  fields.Number(Message::kReplayedFieldNumber, result.replayed ? 1 : 0);
}

template <typename Message>
std::size_t SizeOf(const Message& message) {
  FieldCounter counter;
  PutFields(message, counter);
  return counter.size();
}

}  // namespace

ResultsMessage::ResultsMessage(std::span<const RowResult> results) {
  FieldCounter counter;
  std::size_t count = 0;
  while (count < results.size() && counter.size() < size_aim) {
    counter.Nested(v1::ImportResults::kResultsFieldNumber, results[count++]);
  }
  results_ = results.first(count);
  content_size_ = counter.size();
}

std::size_t ResultsMessage::size() const {
  FieldCounter counter;
  counter.Sized(v1::ImportClientsResponse::kResultsFieldNumber, content_size_);
  return counter.size();
}

void ResultsMessage::Write(std::span<std::uint8_t> bytes) const {
  FieldWriter writer(bytes.data());
  writer.Begin(v1::ImportClientsResponse::kResultsFieldNumber, content_size_);
  for (const RowResult& result : results_) {
    writer.Nested(v1::ImportResults::kResultsFieldNumber, result);
  }
}

}  // namespace provisioning
