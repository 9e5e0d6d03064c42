// SPDX-License-Identifier: Apache-2.0
#include "tests/load/load_options.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "client/terminal/duration_text.h"
#include "service/model/organization_id.h"
#include "tests/load/unit_text.h"

namespace provisioning {
namespace {

bool Wants(const LoadOptions& options, Metric metric) {
  return std::ranges::any_of(options.objectives, [metric](const Objective& objective) {
    return objective.metric() == metric;
  });
}

std::string MixText(const LoadOptions& options) {
  std::string text = PercentText(options.provided) + " with passwords";
  const std::pair<double, const char*> shares[] = {{options.invalid, "invalid"},
                                                   {options.duplicates, "duplicates"},
                                                   {options.existing, "existing clients"}};
  for (const auto& [share, name] : shares) {
    if (share > 0) absl::StrAppend(&text, ", ", PercentText(share), " ", name);
  }
  if (options.replays > 0) {
    absl::StrAppend(&text, "; ", PercentText(options.replays), " of streams cut and resumed");
  }
  return text;
}

std::string LoopText(const LoadOptions& options) {
  if (!options.open_loop()) return "closed loop: as fast as flow control lets rows go";
  const bool constant = options.spacing == ArrivalSchedule::Spacing::kConstant;
  return absl::StrCat("open loop: ", NumberText(options.rate), " rows/s, ",
                      constant ? "evenly spaced" : "Poisson arrivals");
}

std::string LengthText(const LoadOptions& options) {
  std::string text;
  if (options.rows_max > 0) text = CountText(options.rows_max) + " rows";
  if (options.duration == absl::InfiniteDuration()) return text;
  if (!text.empty()) text += " or ";
  return text + DurationFlag(options.duration);
}

}  // namespace

std::string LoadOptions::OrganizationName(int organization) const {
  return absl::StrCat(organization_prefix, "-", organization + 1);
}

absl::Status CheckOptions(const LoadOptions& options) {
  const std::string name = options.OrganizationName(options.organizations - 1);
  if (!OrganizationId::Parse(name)) {
    return absl::InvalidArgumentError(
        absl::StrCat("--organization-prefix: \"", name,
                     "\" is no organization; it takes a-z, 0-9, and . _ - behind the first, at "
                     "most 64 in all"));
  }
  if (options.invalid + options.duplicates + options.existing > 1 + 1e-9) {
    return absl::InvalidArgumentError(
        "--invalid, --duplicates and --existing are shares of the same rows: together they are "
        "more than all");
  }
  if (options.duplicates == 1 || options.existing == 1) {
    return absl::InvalidArgumentError(
        "--duplicates 1 and --existing 1 leave no row that makes the client they repeat");
  }
  if (options.validate_only && (options.existing > 0 || options.replays > 0)) {
    return absl::InvalidArgumentError(
        "--validate-only makes no clients and no import that could be resumed, so it excludes "
        "--existing and --replays");
  }
  if (options.server_pid == 0 && Wants(options, Metric::kMemory)) {
    return absl::InvalidArgumentError("an objective about rss needs --server-pid");
  }
  return absl::OkStatus();
}

std::vector<std::pair<std::string, std::string>> DescribeOptions(const LoadOptions& options) {
  std::vector<std::pair<std::string, std::string>> lines = {
      {"Arrivals", LoopText(options)},
      {"Length", LengthText(options)},
      {"Streams", absl::StrCat(options.streams, " at a time, ", CountText(options.rows_per_stream),
                               " rows each")},
      {"Organizations",
       options.organizations == 1
           ? options.OrganizationName(0)
           : absl::StrCat(options.organizations, " (", options.OrganizationName(0), " to ",
                          options.OrganizationName(options.organizations - 1), ")")},
      {"Rows", MixText(options)},
      {"Messages",
       absl::StrCat("at most ", options.rows_per_message, " rows, over ", options.connections,
                    " connection", options.connections == 1 ? "" : "s")},
      {"Seed", absl::StrCat(options.seed)}};
  if (options.validate_only) lines.emplace_back("Mode", "validate only: nothing is written");
  return lines;
}

}  // namespace provisioning
