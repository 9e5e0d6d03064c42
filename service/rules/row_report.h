// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "service/model/field_issue.h"
#include "service/model/secret_string.h"

namespace provisioning {

// Collects what the rules have to say about one row, and sees to it that no
// message repeats the row's password, or its hash, not even where another cell
// holds it (people do make a birthdate the password, and columns do get shifted:
// what stands in the hash's column may be a password as well).
class RowReport {
 public:
  // All of them outlive this object.
  RowReport(const SecretString& password, const SecretString& password_hash,
            std::vector<FieldIssue>& violations, std::vector<FieldIssue>& warnings)
      : secrets_{&password, &password_hash}, violations_(violations), warnings_(warnings) {}
  // Of a password that came without a row.
  RowReport(const SecretString& password, std::vector<FieldIssue>& violations,
            std::vector<FieldIssue>& warnings)
      : RowReport(password, password, violations, warnings) {}
  RowReport(const RowReport&) = delete;
  RowReport& operator=(const RowReport&) = delete;

  // A suggestion that is over limits::suggestion_bytes_max or holds one of
  // the secrets is left out.
  void Reject(Column column, FieldIssueCode code, std::string message, std::string suggestion = "");
  void Warn(Column column, FieldIssueCode code, std::string message, std::string suggestion = "");

  // `cell`, shortened and printable, in quotation marks; "This value" if a part
  // of it is in a secret. Good for the beginning of a sentence. Never for a
  // secret's own cell.
  std::string Quote(std::string_view cell) const;
  // For what a message says about a cell without quoting it.
  bool SharesSecretPart(std::string_view shown) const;

 private:
  FieldIssue MakeIssue(Column column, FieldIssueCode code, std::string message,
                       std::string suggestion) const;

  const std::array<const SecretString*, 2> secrets_;
  std::vector<FieldIssue>& violations_;
  std::vector<FieldIssue>& warnings_;
};

}  // namespace provisioning
