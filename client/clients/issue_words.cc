// SPDX-License-Identifier: Apache-2.0
#include "client/clients/issue_words.h"

#include <string>

#include "client/terminal/say.h"

namespace provisioning {

void SayIssues(const google::protobuf::RepeatedPtrField<v1::FieldIssue>& issues) {
  for (const v1::FieldIssue& issue : issues) {
    std::string text = issue.field() + ": " + issue.message();
    if (!issue.suggestion().empty()) text += " Suggestion: " + issue.suggestion();
    SayEntry(text, "  ");
  }
}

}  // namespace provisioning
