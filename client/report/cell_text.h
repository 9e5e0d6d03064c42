// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "provisioning/v1/client_row.pb.h"

namespace provisioning {

// A cell as it is written into a CSV file that people open with a spreadsheet:
// text that it would run as a formula gets a `'` in front; bytes that are not
// UTF-8 become U+FFFD; quotes where the format needs them.
std::string CsvCell(std::string_view text, char delimiter);

// "EMAIL_UPPER_CASE"; a code that this program does not know: "CODE_123".
std::string IssueCodeText(v1::FieldIssueCode code);
// "CREATED"; an outcome that this program does not know: "OUTCOME_9".
std::string OutcomeText(v1::RowOutcome outcome);

// "CODE: message | CODE: message".
std::string IssuesText(const google::protobuf::RepeatedPtrField<v1::FieldIssue>& issues);

// RFC 3339 in UTC, whole seconds.
std::string TimeText(const google::protobuf::Timestamp& time);

// Without the white space around it.
std::string TrimmedText(std::string_view text);

}  // namespace provisioning
