// SPDX-License-Identifier: Apache-2.0
#include "tests/support/postgres_requests.h"

#include <algorithm>
#include <utility>

namespace provisioning {
namespace {

// What content begins with: two texts, each closed by a zero byte. Name and SQL
// of a Parse, portal and statement of a Bind.
std::pair<std::string, std::string> TwoTexts(std::string_view content) {
  const std::string_view first = content.substr(0, content.find('\0'));
  const std::string_view rest = content.substr(std::min(first.size() + 1, content.size()));
  return {std::string(first), std::string(rest.substr(0, rest.find('\0')))};
}

// Raised by the server itself, which so keeps the state of the transaction.
std::string Raising(const StatementFault& fault) {
  return "DO $$BEGIN RAISE EXCEPTION 'planned by the test' USING ERRCODE='" + fault.sqlstate +
         "'; END$$";
}

}  // namespace

std::optional<PostgresRequests::Step> PostgresRequests::Take(const PostgresMessage& message) {
  switch (message.type()) {
    case frontend::query:
      TakeQuery(message);
      return Give(true);
    case frontend::parse:
      TakeParse(message);
      break;
    case frontend::bind:
      TakeBind(message);
      break;
    case frontend::describe:
    case frontend::execute:
    case frontend::close:
      Keep(message);
      break;
    case frontend::flush:
      bytes_ += message.bytes;
      return Give(false);
    case frontend::sync:
    case frontend::function_call:
      bytes_ += message.bytes;
      return Give(true);
    default:
      return Step{.bytes = message.bytes, .is_request = false};
  }
  const bool is_lost = fault_ && fault_->kind == StatementFault::Kind::kCutBeforeForwarding;
  if (is_lost) return Give(false);
  return std::nullopt;
}

void PostgresRequests::TakeQuery(const PostgresMessage& message) {
  AskForFault(TwoTexts(message.content()).first);
  bytes_ += Fails() ? QueryMessage(Raising(*fault_)) : message.bytes;
}

void PostgresRequests::TakeParse(const PostgresMessage& message) {
  const auto [name, sql] = TwoTexts(message.content());
  sql_of_[name] = sql;
  const std::size_t begin = bytes_.size();
  Keep(message);
  if (name.empty() && !Fails()) parse_begin_ = begin;
}

void PostgresRequests::TakeBind(const PostgresMessage& message) {
  const bool failed_before = Fails();
  AskForFault(sql_of_[TwoTexts(message.content()).second]);
  if (!Fails() || failed_before) return Keep(message);
  // In place of the statement; so the client learns of one Parse, not of two.
  bytes_.resize(std::min(bytes_.size(), parse_begin_));
  bytes_ += ExtendedMessages(Raising(*fault_));
}

// After an error the server would skip it; but it is not even to see it.
void PostgresRequests::Keep(const PostgresMessage& message) {
  parse_begin_ = std::string::npos;
  if (!Fails()) bytes_ += message.bytes;
}

void PostgresRequests::AskForFault(const std::string& sql) {
  if (fault_) return;
  fault_ = fault_of_(sql);
  failed_at_commit_ = Fails() && IsCommit(sql);
}

PostgresRequests::Step PostgresRequests::Give(bool is_whole) {
  Step step{.bytes = std::exchange(bytes_, {}),
            .is_whole = is_whole,
            .fault = fault_,
            .failed_at_commit = failed_at_commit_};
  parse_begin_ = std::string::npos;
  if (is_whole) {
    fault_.reset();
    failed_at_commit_ = false;
  }
  return step;
}

}  // namespace provisioning
