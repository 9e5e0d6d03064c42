// SPDX-License-Identifier: Apache-2.0
#include "service/rules/birthdate.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "service/model/limits.h"
#include "service/rules/calendar_day.h"
#include "service/rules/cell.h"
#include "service/rules/damaged_date.h"

namespace provisioning {
namespace {

constexpr Column column = Column::kBirthdate;
constexpr int age_unusual_below = 5;
constexpr int age_unusual_above = 110;

bool IsDigitByte(char c) { return c >= '0' && c <= '9'; }

bool IsEightDigits(std::string_view text) {
  return text.size() == 8 && std::ranges::all_of(text, IsDigitByte);
}

int Number(std::string_view digits) {
  int number = 0;
  for (const char c : digits) number = number * 10 + (c - '0');
  return number;
}

// Empty for a day that the rules would not take either.
std::string Suggestion(const std::optional<absl::CivilDay>& day, absl::CivilDay today) {
  if (!day || DateNumber(*day) < limits::birthdate_min || *day > today) return "";
  return DateText(*day);
}

void CheckBounds(std::string_view text, std::int32_t date, std::int32_t today, RowReport& report) {
  if (date < limits::birthdate_min) {
    report.Reject(
        column, FieldIssueCode::kDateTooEarly,
        report.Quote(text) + " is before the year 1900: check it, or leave the cell empty.");
  } else if (date > today) {
    report.Reject(column, FieldIssueCode::kDateInFuture,
                  report.Quote(text) + " is after today: check the year.");
  } else if (const int age = (today - date) / 10000;
             age < age_unusual_below || age > age_unusual_above) {
    report.Warn(column, FieldIssueCode::kBirthdateUnusual,
                report.Quote(text) + " makes the client " + std::to_string(age) +
                    " years old: check the year.");
  }
}

void ReportSerialNumber(std::string_view text, absl::CivilDay day, RowReport& report) {
  const std::string date = DateText(day);
  report.Reject(column, FieldIssueCode::kDateSerialNumber,
                report.Quote(text) + " is a spreadsheet's day count" +
                    (report.SharesSecretPart(date) ? "" : ", in most spreadsheets of " + date) +
                    ": write the date as YYYYMMDD in a cell of the format text.");
}

void ReportNoDate(std::string_view text, absl::CivilDay today, RowReport& report) {
  if (IsFormula(text)) {
    ReportFormula(column, text, Suggestion(OnlyReading(TextInFormula(text)), today), report);
  } else if (const auto day = DayOfSerialNumber(text)) {
    ReportSerialNumber(text, *day, report);
  } else if (IsScientific(text)) {
    report.Reject(column, FieldIssueCode::kDateScientific,
                  report.Quote(text) +
                      " is a number in scientific notation that has lost digits: write the date "
                      "again, as YYYYMMDD in a cell of the format text.");
  } else if (HasShortYear(text)) {
    report.Reject(column, FieldIssueCode::kDateFormat,
                  report.Quote(text) +
                      " has lost the century: write the date again, as YYYYMMDD in a cell of the "
                      "format text.");
  } else if (text.size() == 7 && std::ranges::all_of(text, IsDigitByte)) {
    report.Reject(column, FieldIssueCode::kDateFormat,
                  report.Quote(text) +
                      " has seven digits, so a zero at its beginning is probably lost: write the "
                      "date as YYYYMMDD in a cell of the format text.");
  } else {
    report.Reject(column, FieldIssueCode::kDateFormat,
                  report.Quote(text) +
                      " is not of the form YYYYMMDD: write four digits for the year, two for the "
                      "month, two for the day, and nothing else.",
                  Suggestion(OnlyReading(text), today));
  }
}

}  // namespace

std::int32_t CheckBirthdate(std::string_view cell, const Clock& clock, RowReport& report) {
  if (cell.empty()) return 0;
  const std::optional<std::string_view> text = ReadCell(column, cell, report);
  if (!text || text->empty()) return 0;
  const absl::CivilDay today = DayOf(clock.Now());
  if (!IsEightDigits(*text)) {
    ReportNoDate(*text, today, report);
    return 0;
  }
  const std::optional<absl::CivilDay> day =
      DayOf(Number(text->substr(0, 4)), Number(text->substr(4, 2)), Number(text->substr(6)));
  if (!day) {
    report.Reject(column, FieldIssueCode::kDateNotReal,
                  report.Quote(*text) + " is no day of the calendar, read as YYYYMMDD.",
                  Suggestion(OnlyReadingYearLast(*text), today));
    return 0;
  }
  CheckBounds(*text, DateNumber(*day), DateNumber(today), report);
  return DateNumber(*day);
}

}  // namespace provisioning
