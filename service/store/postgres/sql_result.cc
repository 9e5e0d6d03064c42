// SPDX-License-Identifier: Apache-2.0
#include "service/store/postgres/sql_result.h"

#include <libpq-fe.h>

#include <cstdlib>

#include "service/store/postgres/sql_value.h"

namespace provisioning {

void SqlResult::Clear::operator()(pg_result* result) const { PQclear(result); }

SqlResult::SqlResult(pg_result* result) : result_(result), rows_(PQntuples(result)) {}

std::int64_t SqlResult::affected() const { return std::atoll(PQcmdTuples(result_.get())); }

std::string_view SqlResult::tag() const { return PQcmdStatus(result_.get()); }

bool SqlResult::IsNull(int row, int column) const {
  return PQgetisnull(result_.get(), row, column) != 0;
}

std::string_view SqlResult::Text(int row, int column) const {
  return {PQgetvalue(result_.get(), row, column),
          static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
}

bool SqlResult::Bool(int row, int column) const { return NumberOf(Text(row, column)) != 0; }

std::int64_t SqlResult::Number(int row, int column) const {
  return IsNull(row, column) ? 0 : NumberOf(Text(row, column));
}

Uuid SqlResult::Id(int row, int column) const {
  return Uuid::FromBytes(Text(row, column)).value_or(Uuid());
}

absl::Time SqlResult::Time(int row, int column) const {
  return IsNull(row, column) ? absl::InfinitePast() : TimeOf(Text(row, column));
}

std::int32_t SqlResult::Date(int row, int column) const {
  return IsNull(row, column) ? 0 : DateOf(Text(row, column));
}

}  // namespace provisioning
