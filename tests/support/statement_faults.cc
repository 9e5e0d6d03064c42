// SPDX-License-Identifier: Apache-2.0
#include "tests/support/statement_faults.h"

#include <utility>

#include "absl/strings/ascii.h"

namespace provisioning {
namespace {

bool IsPartOfName(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_'; }

std::string Lower(std::string_view text) {
  std::string lower(text);
  absl::AsciiStrToLower(&lower);
  return lower;
}

}  // namespace

void StatementFaults::Add(StatementFault fault, std::string word, FaultTimes times) {
  plans_.push_back({std::move(fault), std::move(word), times});
}

std::optional<StatementFault> StatementFaults::Next(std::string_view sql) {
  for (Plan& plan : plans_) {
    if (plan.left.times == 0 || !ContainsWord(sql, plan.word)) continue;
    if (plan.left.skip > 0) {
      --plan.left.skip;
      continue;
    }
    if (!std::bernoulli_distribution(plan.left.probability)(random_)) continue;
    if (plan.left.times != FaultTimes::always) --plan.left.times;
    return plan.fault;
  }
  return std::nullopt;
}

bool ContainsWord(std::string_view sql, std::string_view word) {
  const std::string text = Lower(sql);
  const std::string wanted = Lower(word);
  for (std::size_t at = text.find(wanted); at != std::string::npos;
       at = text.find(wanted, at + 1)) {
    const std::size_t end = at + wanted.size();
    const bool begins = at == 0 || !IsPartOfName(text[at - 1]);
    if (begins && (end == text.size() || !IsPartOfName(text[end]))) return true;
  }
  return false;
}

bool IsCommit(std::string_view sql) {
  const std::size_t begin = sql.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return false;
  const std::string_view text = sql.substr(begin);
  return ContainsWord(text.substr(0, 7), "COMMIT") || ContainsWord(text.substr(0, 4), "END");
}

}  // namespace provisioning
