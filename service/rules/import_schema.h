// SPDX-License-Identifier: Apache-2.0
// What GetImportSchema tells, and what templates are made from.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "service/model/field_issue.h"

namespace provisioning {

struct ColumnRule {
  Column column;
  bool required;
  int characters_min;
  int characters_max;
  int bytes_max;
  std::string_view description;  // The rule in a sentence.
  std::string_view example;      // Accepted by the rule.
};

struct IssueCodeRule {
  FieldIssueCode code;
  bool rejects;           // False: a warning.
  std::string_view name;  // "EMAIL_UPPER_CASE" ...
  std::string_view description;
};

// In the order in which issues are reported.
std::span<const ColumnRule> ColumnRules();
// By number.
std::span<const IssueCodeRule> IssueCodeRules();
// "EMAIL_UPPER_CASE" ...
std::string_view FieldIssueCodeName(FieldIssueCode code);
// The columns' names, separated by commas, without a line end. password_hash is
// not among them: it is for those who move from another product, and nobody
// fills it in by hand.
std::string TemplateHeader();

}  // namespace provisioning
