// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "absl/time/time.h"
#include "service/model/uuid.h"

struct pg_result;

namespace provisioning {

// What a statement gave: rows and columns, counted from 0, in binary format.
class SqlResult {
 public:
  // Takes a PGresult over.
  explicit SqlResult(pg_result* result);

  int rows() const { return rows_; }
  bool empty() const { return rows_ == 0; }
  // How many rows the statement wrote, or read.
  std::int64_t affected() const;
  // "COMMIT" ...
  std::string_view tag() const;

  bool IsNull(int row, int column) const;
  bool Bool(int row, int column) const;
  std::int64_t Number(int row, int column) const;    // 0 for NULL.
  std::string_view Text(int row, int column) const;  // Valid as long as the result.
  Uuid Id(int row, int column) const;                // Nil for NULL.
  absl::Time Time(int row, int column) const;        // InfinitePast for NULL.
  std::int32_t Date(int row, int column) const;      // YYYYMMDD; 0 for NULL.

 private:
  struct Clear {
    void operator()(pg_result* result) const;
  };
  std::unique_ptr<pg_result, Clear> result_;
  int rows_ = 0;
};

}  // namespace provisioning
