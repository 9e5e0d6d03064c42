// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/request_parser.h"

#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/wire_format_lite.h"
#include "provisioning/v1/client_provisioning_service.pb.h"
#include "service/model/error.h"
#include "service/model/limits.h"
#include "service/rpc/start_check.h"

namespace provisioning {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

// Far more than its fields may have. Parsed, a field that is not known takes up
// to thirty times its bytes.
constexpr int start_bytes_max = 64 << 10;

constexpr std::uint32_t Tag(int field_number, WireFormatLite::WireType type) {
  return WireFormatLite::MakeTag(field_number, type);
}
constexpr std::uint32_t TextTag(int field_number) {
  return Tag(field_number, WireFormatLite::WIRETYPE_LENGTH_DELIMITED);
}

bool ReadText(CodedInputStream& input, std::string& text) {
  int size = 0;
  return input.ReadVarintSizeAsInt(&size) && input.ReadString(&text, size);
}

bool ReadPassword(CodedInputStream& input, SecretString& password) {
  std::string text;
  const bool read = ReadText(input, text);
  password = SecretString::TakeFrom(text);
  return read;
}

// Reads the message that comes next with `read_content`, which says whether it
// could be read, and must take all of it.
template <typename ReadContent>
bool ReadNested(CodedInputStream& input, ReadContent read_content) {
  int size = 0;
  if (!input.ReadVarintSizeAsInt(&size)) return false;
  // PushLimit would let it end with the message around it.
  const int size_max = input.BytesUntilLimit();
  if (size_max >= 0 && size > size_max) return false;
  const CodedInputStream::Limit limit = input.PushLimit(size);
  if (!read_content() || input.BytesUntilLimit() != 0) return false;
  input.PopLimit(limit);
  return true;
}

// The same with `read_field(tag)` for each of its fields.
template <typename ReadField>
bool ReadFields(CodedInputStream& input, ReadField read_field) {
  return ReadNested(input, [&] {
    while (const std::uint32_t tag = input.ReadTag()) {
      if (!read_field(tag)) return false;
    }
    return input.ConsumedEntireMessage();
  });
}

bool ReadRowField(CodedInputStream& input, std::uint32_t tag, ClientRow& row) {
  switch (tag) {
    case Tag(v1::ClientRow::kRowNumberFieldNumber, WireFormatLite::WIRETYPE_VARINT): {
      std::uint64_t number = 0;
      if (!input.ReadVarint64(&number)) return false;
      row.row_number = static_cast<std::int64_t>(number);
      return true;
    }
    case TextTag(v1::ClientRow::kEmailAddressFieldNumber):
      return ReadText(input, row.email_address);
    case TextTag(v1::ClientRow::kInitialPasswordFieldNumber):
      return ReadPassword(input, row.initial_password);
    case TextTag(v1::ClientRow::kFirstNameFieldNumber):
      return ReadText(input, row.first_name);
    case TextTag(v1::ClientRow::kLastNameFieldNumber):
      return ReadText(input, row.last_name);
    case TextTag(v1::ClientRow::kBirthdateFieldNumber):
      return ReadText(input, row.birthdate);
    case TextTag(v1::ClientRow::kGenderFieldNumber):
      return ReadText(input, row.gender);
    case TextTag(v1::ClientRow::kPasswordHashFieldNumber):
      return ReadPassword(input, row.password_hash);
    default:
      return WireFormatLite::SkipField(&input, tag);
  }
}

// A message, as far as it is read. As in protobuf, the last of several kinds
// counts, and what comes twice is merged.
struct Request {
  enum class Kind { kNone, kStart, kRows, kEnd };

  Kind kind = Kind::kNone;
  v1::ImportStart start;
  std::vector<ClientRow> rows;
  bool too_many_rows = false;
  bool start_too_large = false;

  void Be(Kind next) {
    if (kind == next) return;
    kind = next;
    start.Clear();
    rows.clear();
  }
};

bool ReadRows(CodedInputStream& input, Request& request) {
  request.Be(Request::Kind::kRows);
  return ReadFields(input, [&](std::uint32_t tag) {
    if (tag != TextTag(v1::ImportRows::kRowsFieldNumber)) {
      return WireFormatLite::SkipField(&input, tag);
    }
    request.too_many_rows = request.rows.size() == limits::rows_per_message_max;
    if (request.too_many_rows) return false;
    ClientRow& row = request.rows.emplace_back();
    return ReadFields(input, [&](std::uint32_t field) { return ReadRowField(input, field, row); });
  });
}

bool ReadStart(CodedInputStream& input, Request& request) {
  request.Be(Request::Kind::kStart);
  return ReadNested(input, [&] {
    request.start_too_large = input.BytesUntilLimit() > start_bytes_max;
    if (request.start_too_large || !request.start.MergeFromCodedStream(&input)) return false;
    // It may come in any number of pieces.
    request.start.DiscardUnknownFields();
    return input.ConsumedEntireMessage();
  });
}

bool ReadRequest(CodedInputStream& input, Request& request) {
  while (const std::uint32_t tag = input.ReadTag()) {
    bool read = false;
    switch (tag) {
      case TextTag(v1::ImportClientsRequest::kStartFieldNumber):
        read = ReadStart(input, request);
        break;
      case TextTag(v1::ImportClientsRequest::kRowsFieldNumber):
        read = ReadRows(input, request);
        break;
      case TextTag(v1::ImportClientsRequest::kEndFieldNumber):
        request.Be(Request::Kind::kEnd);
        read = ReadFields(input, [&input](std::uint32_t field) {
          return WireFormatLite::SkipField(&input, field);
        });
        break;
      default:
        read = WireFormatLite::SkipField(&input, tag);
    }
    if (!read) return false;
  }
  return input.ConsumedEntireMessage();
}

absl::Status Refusal(const Request& request) {
  if (request.too_many_rows) {
    return MakeError(ErrorReason::kTooManyRowsInMessage,
                     absl::StrCat("a message has more than ", limits::rows_per_message_max,
                                  " rows; send them in several messages"));
  }
  if (request.start_too_large) {
    return MakeError(ErrorReason::kMessageUnreadable,
                     absl::StrCat("start has more than ", start_bytes_max, " bytes"));
  }
  return MakeError(ErrorReason::kMessageUnreadable,
                   "a message is not an ImportClientsRequest, or a text in start is not UTF-8");
}

}  // namespace

absl::StatusOr<ImportRequest> ParseImportRequest(google::protobuf::io::ZeroCopyInputStream& bytes) {
  CodedInputStream input(&bytes);
  Request request;
  if (!ReadRequest(input, request)) return Refusal(request);
  switch (request.kind) {
    case Request::Kind::kStart: {
      auto start = CheckStart(request.start);
      if (!start.ok()) return start.status();
      return ImportRequest(*std::move(start));
    }
    case Request::Kind::kRows:
      return ImportRequest(std::move(request.rows));
    case Request::Kind::kEnd:
      return ImportRequest(EndOfImport());
    case Request::Kind::kNone:
      break;
  }
  return MakeError(ErrorReason::kMessageUnreadable, "a message has neither start nor rows nor end");
}

}  // namespace provisioning
