// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "service/model/field_issue.h"
#include "service/model/secret_string.h"

namespace provisioning {

// Collects what the rules have to say about one row, and sees to it that no
// message repeats the row's password, not even where another cell holds it
// (people do make a birthdate the password, and columns do get shifted).
class RowReport {
 public:
  // All of them outlive this object.
  RowReport(const SecretString& password, std::vector<FieldIssue>& violations,
            std::vector<FieldIssue>& warnings)
      : password_(password), violations_(violations), warnings_(warnings) {}
  RowReport(const RowReport&) = delete;
  RowReport& operator=(const RowReport&) = delete;

  // A suggestion that is over limits::suggestion_bytes_max or holds the password
  // is left out.
  void Reject(Column column, FieldIssueCode code, std::string message, std::string suggestion = "");
  void Warn(Column column, FieldIssueCode code, std::string message, std::string suggestion = "");

  // `cell`, shortened and printable, in quotation marks; "This value" if a part
  // of it is in the password. Good for the beginning of a sentence. Never for
  // the password's own cell.
  std::string Quote(std::string_view cell) const;
  // For what a message says about a cell without quoting it.
  bool SharesPasswordPart(std::string_view shown) const;

 private:
  FieldIssue MakeIssue(Column column, FieldIssueCode code, std::string message,
                       std::string suggestion) const;

  const SecretString& password_;
  std::vector<FieldIssue>& violations_;
  std::vector<FieldIssue>& warnings_;
};

}  // namespace provisioning
