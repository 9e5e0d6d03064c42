// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "service/model/uuid.h"

struct sqlite3_stmt;

namespace provisioning {

class Connection;

// A prepared statement, for one thread at a time; the connection outlives it.
class Statement {
 public:
  // `sql` is a single statement.
  static absl::StatusOr<Statement> Prepare(const Connection& connection, std::string_view sql);

 private:
  friend class Query;
  struct Finalize {
    void operator()(sqlite3_stmt* handle) const;
  };
  explicit Statement(sqlite3_stmt* handle) : handle_(handle) {}

  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

// One execution of a statement: bind in the order of the parameters, then read
// rows. What is bound is not copied and must outlive the query.
class Query {
 public:
  explicit Query(Statement& statement) : handle_(statement.handle_.get()) {}
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  Query& Bind(std::int64_t value);
  Query& Bind(std::string_view text);
  Query& Bind(const Uuid& uuid) { return BindBlob(uuid.bytes()); }
  Query& BindBlob(std::string_view bytes);
  // In microseconds; InfinitePast is NULL.
  Query& Bind(absl::Time time);
  Query& BindNull();

  // True: there is a row to read.
  absl::StatusOr<bool> Next();
  // Runs a statement that gives no rows.
  absl::Status Execute();

  // Of the current row; columns count from 0.
  bool IsNull(int column) const;
  std::int64_t Number(int column) const;
  std::string_view Text(int column) const;  // Valid until Next().
  Uuid Id(int column) const;                // Nil for NULL.
  absl::Time Time(int column) const;        // InfinitePast for NULL.

 private:
  sqlite3_stmt* const handle_;
  int bound_ = 0;
  int code_ = 0;  // The first failure of a Bind.
};

}  // namespace provisioning
