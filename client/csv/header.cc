// SPDX-License-Identifier: Apache-2.0
#include "client/csv/header.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "client/csv/cell_name.h"
#include "client/csv/column_names.h"
#include "service/rules/characters.h"
#include "service/rules/import_schema.h"
#include "service/rules/utf8.h"

namespace provisioning {
namespace {

constexpr std::size_t shown_name_bytes_max = 60;

std::string Trimmed(std::string_view text) { return std::string(TrimWhiteSpace(text)); }

// The hashes of passwords stand in for passwords.
bool Lacks(const ColumnPlaces& places, const ColumnRule& rule, bool password_optional) {
  if (places.has(rule.column)) return false;
  if (rule.column != Column::kInitialPassword) return rule.required;
  return !password_optional && !places.has(Column::kPasswordHash);
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
                           " " + CellName(static_cast<std::size_t>(finding.cell));
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
    if (!Lacks(places, rule, password_optional)) continue;
    text += "  - " + Padded(std::string(ColumnName(rule.column)), 20) + " missing\n";
  }
  for (const Finding& finding : findings) text += FindingLine(finding);
  return text + "The columns are " + TemplateHeader() +
         " in any order; birthdate and gender may be left out" +
         (password_optional ? "" : ", and initial_password with --generate-passwords") +
         ". Hashes of passwords from another product go into a column password_hash instead of "
         "initial_password.\n`provision template` writes an empty file with this header.";
}

}  // namespace

absl::StatusOr<ColumnPlaces> MatchHeader(const std::vector<std::string>& cells,
                                         bool password_optional) {
  ColumnPlaces places;
  places.place.fill(-1);
  places.width = static_cast<int>(cells.size());
  while (places.width > 0 && Trimmed(cells[places.width - 1]).empty()) --places.width;

  std::vector<Finding> findings;
  bool named = false;
  bool address = false;
  for (int i = 0; i < places.width; ++i) {
    const std::string name = NormalizedColumnName(cells[i]);
    const auto column = ColumnNamed(name);
    const bool repeated = column && places.has(*column);
    if (!column || repeated) {
      findings.push_back({i, Trimmed(cells[i]), ColumnMeant(name), repeated});
    } else {
      places.place[static_cast<std::size_t>(*column)] = i;
    }
    named = named || column;
    address = address || name.find('@') != std::string::npos;
  }
  // One cell that merely resembles a name may be a surname, and the next one a
  // password, which must not be shown.
  const bool header = named || (!address && ColumnsMeant(cells) >= 2);
  if (!header) {
    return absl::InvalidArgumentError(
        "the first line names none of the columns. It must be a header: " + TemplateHeader() +
        "\n`provision template` writes an empty file with this header.");
  }
  const bool complete = std::ranges::none_of(ColumnRules(), [&](const ColumnRule& rule) {
    return Lacks(places, rule, password_optional);
  });
  if (complete && findings.empty()) return places;
  return absl::InvalidArgumentError(Describe(places, findings, password_optional));
}

}  // namespace provisioning
