// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/served_import.h"

#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <utility>

#include "absl/time/clock.h"
#include "service/model/uuid.h"
#include "tests/bench/bench.h"
#include "tests/support/wire_bytes.h"

namespace provisioning {
namespace {

// Checks the answers while it counts them.
class Answers {
 public:
  explicit Answers(v1::RowOutcome outcome) : outcome_(outcome) {}

  void Take(grpc::ByteBuffer& bytes) {
    v1::ImportClientsResponse response;
    if (!FromBytes(bytes, response)) GiveUp("an answer does not parse");
    for (const v1::RowResult& result : response.results().results()) {
      if (result.row_number() != ++rows_) GiveUp("a row is out of order");
      if (result.outcome() != outcome_) {
        GiveUp("row " + std::to_string(rows_) + ": " + v1::RowOutcome_Name(result.outcome()));
      }
    }
    summary_ = summary_ || response.has_summary();
  }
  std::int64_t rows() const { return rows_; }
  bool summary() const { return summary_; }

 private:
  const v1::RowOutcome outcome_;
  std::int64_t rows_ = 0;
  bool summary_ = false;
};

}  // namespace

BenchFolder::BenchFolder() {
  const char* folder = getenv("TMPDIR");
  path_ = std::string(folder != nullptr ? folder : "/tmp") + "/provisioning-bench-XXXXXX";
  if (mkdtemp(path_.data()) == nullptr) GiveUp(path_ + " cannot be made");
}

BenchFolder::~BenchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

ServedStore::ServedStore(const std::string& database) {
  if (!database.empty()) std::filesystem::copy_file(database, folder_.File("clients.db"));
  Serve("sqlite:" + folder_.File("clients.db"));
}

ServedStore::ServedStore(const Address& address) { Serve(address.store); }

void ServedStore::Serve(const std::string& store) {
  server_ = std::make_unique<ServerProcess>(
      std::vector<std::string>{PROVISIOND_PROGRAM, "serve", "--listen", "127.0.0.1:0", "--store",
                               store, "--insecure-loopback"});
  address_ = server_->WaitForAddress();
  if (address_.empty()) GiveUp("provisiond does not start:\n" + server_->log());
}

MessageStream::NextMessage ImportOf(v1::ImportStart start, MessageStream::NextMessage rows) {
  if (!start.validate_only()) start.set_import_id(Uuid::NewV7(absl::Now()).ToString());
  v1::ImportClientsRequest first;
  *first.mutable_start() = std::move(start);
  v1::ImportClientsRequest last;
  last.mutable_end();
  enum class Next { kStart, kRows, kNone };
  return [first = ToBytes(first), last = ToBytes(last), rows = std::move(rows),
          next = Next::kStart](grpc::ByteBuffer& message) mutable {
    if (next == Next::kNone) return false;
    if (next == Next::kStart) {
      message = first;
      next = Next::kRows;
    } else if (!rows(message)) {
      message = last;
      next = Next::kNone;
    }
    return true;
  };
}

double ServedStore::Import(const v1::ImportStart& start, MessageStream::NextMessage rows,
                           std::int64_t row_count, v1::RowOutcome outcome,
                           const std::function<void(std::int64_t)>& on_results) {
  Answers answers(outcome);
  const auto begin = std::chrono::steady_clock::now();
  MessageStream stream(LoopbackChannel(address_), import_method, ImportOf(start, std::move(rows)),
                       [&](grpc::ByteBuffer& bytes) {
                         answers.Take(bytes);
                         if (on_results) on_results(answers.rows());
                       });
  const grpc::Status status = stream.Run();
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
  if (!status.ok()) GiveUp("the import ended: " + status.error_message());
  if (answers.rows() != row_count || !answers.summary()) GiveUp("the import is not complete");
  return time.count();
}

v1::ImportStart BenchStart(bool generate_passwords, const std::string& organization_id) {
  v1::ImportStart start;
  start.set_organization_id(organization_id);
  start.set_missing_password(generate_passwords ? v1::MISSING_PASSWORD_GENERATE
                                                : v1::MISSING_PASSWORD_REJECT);
  return start;
}

}  // namespace provisioning
