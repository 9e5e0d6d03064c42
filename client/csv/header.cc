// SPDX-License-Identifier: Apache-2.0
#include "client/csv/header.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string_view>
#include <utility>

#include "service/rules/import_schema.h"
#include "service/rules/utf8.h"

namespace provisioning {
namespace {

constexpr std::size_t shown_name_bytes_max = 60;

// What other products call the columns.
constexpr std::pair<std::string_view, Column> other_names[] = {
    {"email", Column::kEmailAddress},
    {"e_mail", Column::kEmailAddress},
    {"mail", Column::kEmailAddress},
    {"address", Column::kEmailAddress},
    {"username", Column::kEmailAddress},
    {"user_name", Column::kEmailAddress},
    {"e_mail_address", Column::kEmailAddress},
    {"password", Column::kInitialPassword},
    {"pass", Column::kInitialPassword},
    {"temporary_password", Column::kInitialPassword},
    {"first", Column::kFirstName},
    {"given_name", Column::kFirstName},
    {"forename", Column::kFirstName},
    {"last", Column::kLastName},
    {"surname", Column::kLastName},
    {"family_name", Column::kLastName},
    {"birthday", Column::kBirthdate},
    {"birth_date", Column::kBirthdate},
    {"date_of_birth", Column::kBirthdate},
    {"dob", Column::kBirthdate},
    {"sex", Column::kGender},
};

std::string Trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return "";
  return std::string(text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1));
}

std::string LowerCase(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

std::optional<Column> ColumnNamed(std::string_view name) {
  for (int i = 0; i < column_count; ++i) {
    if (ColumnName(static_cast<Column>(i)) == name) return static_cast<Column>(i);
  }
  return std::nullopt;
}

std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, replaced}));
    }
  }
  return row[b.size()];
}

// The column that an unknown name probably means.
std::optional<Column> Meant(std::string name) {
  if (name.empty() || name.size() > shown_name_bytes_max) return std::nullopt;
  std::ranges::replace_if(
      name, [](char c) { return c == ' ' || c == '-' || c == '.'; }, '_');
  if (const auto column = ColumnNamed(name)) return column;
  for (const auto& [other, column] : other_names) {
    if (other == name) return column;
  }
  std::optional<Column> best;
  std::size_t best_distance = 3;  // Two letters wrong at most.
  for (int i = 0; i < column_count; ++i) {
    const std::size_t distance = EditDistance(name, ColumnName(static_cast<Column>(i)));
    if (distance >= best_distance) continue;
    best = static_cast<Column>(i);
    best_distance = distance;
  }
  return best;
}

bool Required(const ColumnRule& rule, bool password_optional) {
  if (rule.column == Column::kInitialPassword) return !password_optional;
  return rule.required;
}

std::string Quoted(std::string_view name) {
  std::string shown = VisibleText(name, shown_name_bytes_max);
  if (name.size() > shown_name_bytes_max) shown += "...";
  return '"' + shown + '"';
}

struct Finding {
  int cell;
  std::string name;
  std::optional<Column> meant;
  bool repeated;
};

std::string Padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

std::string FindingLine(const Finding& finding) {
  const std::string line = "  + " +
                           Padded(finding.name.empty() ? "(no name)" : Quoted(finding.name), 20) +
                           " cell " + std::to_string(finding.cell + 1);
  if (finding.repeated) return line + ": this column is there twice\n";
  if (finding.meant) {
    return line + ": unknown; did you mean " + std::string(ColumnName(*finding.meant)) + "?\n";
  }
  return line + ": unknown\n";
}

std::string Describe(const ColumnPlaces& places, const std::vector<Finding>& findings,
                     bool password_optional) {
  std::string text = "the header does not fit ( - is missing, + is too much):\n";
  for (const ColumnRule& rule : ColumnRules()) {
    if (places.has(rule.column) || !Required(rule, password_optional)) continue;
    text += "  - " + Padded(std::string(ColumnName(rule.column)), 20) + " missing\n";
  }
  for (const Finding& finding : findings) text += FindingLine(finding);
  return text + "The columns are " + TemplateHeader() +
         " in any order; birthdate and gender may be left out" +
         (password_optional ? "" : ", and initial_password with --generate-passwords") +
         ".\n`provision template` writes an empty file with this header.";
}

}  // namespace

absl::StatusOr<ColumnPlaces> MatchHeader(const std::vector<std::string>& cells,
                                         bool password_optional) {
  ColumnPlaces places;
  places.place.fill(-1);
  places.width = static_cast<int>(cells.size());
  while (places.width > 0 && Trimmed(cells[places.width - 1]).empty()) --places.width;

  std::vector<Finding> findings;
  bool resembles_header = false;
  for (int i = 0; i < places.width; ++i) {
    const std::string name = LowerCase(Trimmed(cells[i]));
    const auto column = ColumnNamed(name);
    const bool repeated = column && places.has(*column);
    if (!column || repeated) {
      findings.push_back({i, Trimmed(cells[i]), Meant(name), repeated});
    } else {
      places.place[static_cast<std::size_t>(*column)] = i;
    }
    resembles_header = resembles_header || column || Meant(name);
  }
  if (!resembles_header) {
    return absl::InvalidArgumentError(
        "the first line names none of the columns. It must be a header: " + TemplateHeader() +
        "\n`provision template` writes an empty file with this header.");
  }
  const bool complete = std::ranges::all_of(ColumnRules(), [&](const ColumnRule& rule) {
    return places.has(rule.column) || !Required(rule, password_optional);
  });
  if (complete && findings.empty()) return places;
  return absl::InvalidArgumentError(Describe(places, findings, password_optional));
}

}  // namespace provisioning
