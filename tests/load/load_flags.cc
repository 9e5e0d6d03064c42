// SPDX-License-Identifier: Apache-2.0
#include "tests/load/load_flags.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <random>

#include "absl/strings/str_cat.h"
#include "client/terminal/duration_text.h"
#include "service/model/limits.h"
#include "tests/support/process_memory.h"

namespace provisioning {
namespace {

constexpr int streams_per_connection = 100;
constexpr absl::Duration duration_default = absl::Seconds(10);
// A double holds every whole number up to here, so JSON readers do too.
constexpr std::int64_t count_max = std::int64_t{1} << 53;

absl::Status ReadDuration(const std::string& flag, const std::string& text,
                          absl::Duration& duration) {
  const auto parsed = ParseDuration(text);
  if (!parsed || *parsed <= absl::ZeroDuration()) {
    return absl::InvalidArgumentError(
        absl::StrCat(flag, ": \"", text, "\" is no duration; write for example 30s, 10m or 1h30m"));
  }
  duration = *parsed;
  return absl::OkStatus();
}

// As CLI::Range, which takes "nan"; and without its bounds in the help.
template <typename Number>
CLI::Validator Between(Number least, Number most) {
  return {[least, most](const std::string& text) -> std::string {
            Number value{};
            if (CLI::detail::lexical_cast(text, value) && value >= least && value <= most) {
              return "";
            }
            return absl::StrCat("Value ", text, " not in range ", least, " to ", most);
          },
          ""};
}

std::uint64_t NewSeed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32) ^ device();
}

}  // namespace

void LoadFlags::AddTo(CLI::App& app) {
  connection.AddFlags(app);
  app.add_option("--connections", options.connections,
                 "Connections that the streams share in turn [default: one for every 100 streams]")
      ->type_name("N")
      ->check(Between(1, 1000))
      ->group("Connection");
  AddLength(app);
  AddRows(app);
  AddReports(app);
}

void LoadFlags::AddLength(CLI::App& app) {
  const std::string group = "How much, how fast";
  app.add_option("--duration", duration_text_,
                 "Stop after this long, 30s or 1h30m [default: 10s if --rows is not given]")
      ->type_name("TIME")
      ->group(group);
  app.add_option("--rows", options.rows_max,
                 "Stop after this many rows; with --duration, whichever comes first")
      ->type_name("N")
      ->check(Between(std::int64_t{1}, count_max))
      ->group(group);
  app.add_option("--streams", options.streams, "Streams at a time, one import each")
      ->type_name("N")
      ->check(Between(1, 100'000))
      ->capture_default_str()
      ->group(group);
  app.add_option("--rows-per-stream", options.rows_per_stream,
                 "Rows of one import; then the next one begins")
      ->type_name("N")
      ->check(Between(std::int64_t{1}, std::int64_t{1} << 40))
      ->capture_default_str()
      ->group(group);
  app.add_option("--rate", options.rate,
                 "Open loop: so many rows a second fall due, whatever the server does. A row is "
                 "sent within a millisecond of its time, together with those of the same "
                 "millisecond, or waits for its stream to take it; its latency counts from its "
                 "time. Without --rate (closed loop) each stream sends as fast as flow control "
                 "lets it")
      ->type_name("ROWS/S")
      ->check(Between(0.001, 1e8))
      ->group(group);
  app.add_option("--arrivals", arrivals_, "Open loop: evenly spaced, or at random")
      ->check(CLI::IsMember({"constant", "poisson"}))
      ->capture_default_str()
      ->group(group);
  app.add_option("--rows-per-message", options.rows_per_message, "Rows in one message at most")
      ->type_name("N")
      ->check(Between(1, limits::rows_per_message_max))
      ->capture_default_str()
      ->group(group);
  app.add_option("--grace", grace_text_,
                 "Wait this long for the last answers, then cancel the streams")
      ->type_name("TIME")
      ->capture_default_str()
      ->group(group);
}

void LoadFlags::AddRows(CLI::App& app) {
  const std::string group = "Which rows (FRACTION is 0 to 1)";
  app.add_option("--organizations", options.organizations,
                 "Organizations that the streams are for, in turn")
      ->type_name("N")
      ->check(Between(1, 100'000))
      ->capture_default_str()
      ->group(group);
  app.add_option("--organization-prefix", options.organization_prefix,
                 "They are named PREFIX-1, PREFIX-2 ...")
      ->type_name("PREFIX")
      ->capture_default_str()
      ->group(group);
  struct Share {
    const char* flag;
    double& fraction;
    const char* description;
  };
  const Share shares[] = {
      {"--provided", options.provided,
       "Rows that bring a password; the server makes one for the rest"},
      {"--invalid", options.invalid, "Rows that break a rule, in one of seven ways"},
      {"--duplicates", options.duplicates,
       "Rows with the address of an earlier row of their import"},
      {"--existing", options.existing,
       "Rows with the address of a client that another import of this run made"},
      {"--replays", options.replays,
       "Streams that are cut once, somewhere, and resumed; the last answers before the cut are "
       "thrown away and asked for again"}};
  for (const auto& [flag, fraction, description] : shares) {
    app.add_option(flag, fraction, description)
        ->type_name("FRACTION")
        ->check(Between(0.0, 1.0))
        ->group(group);
  }
  app.add_flag("--validate-only", options.validate_only, "Have the rows checked, write nothing")
      ->group(group);
  app.add_option("--seed", seed_text_,
                 "Repeats the mix and the arrivals of a run; addresses are new in every run")
      ->type_name("N")
      ->group(group);
}

void LoadFlags::AddReports(CLI::App& app) {
  const std::string group = "Reports";
  app.add_option("--objective", objective_texts_,
                 "What must hold: p99<500ms, p99.9<=2s, max<5s, mean<50ms (rows, from when they "
                 "were due), import-p99<1s (imports, from start to summary), errors<0.1% (rows "
                 "without a right answer), rate>=1000 (rows answered per second of the run), "
                 "rss<512MiB; again "
                 "for the next")
      ->type_name("OBJECTIVE")
      ->group(group);
  app.add_option("--json", json_file, "Write everything that was measured to this file")
      ->type_name("FILE")
      ->group(group);
  app.add_option("--html", html_file, "Write a report with plots, one file, to look at")
      ->type_name("FILE")
      ->group(group);
  app.add_option("--server-pid", options.server_pid,
                 "Sample the memory of this process once a second: a server on this machine")
      ->type_name("PID")
      ->check(Between(1, 1 << 30))
      ->group(group);
  app.add_flag("-q,--quiet", quiet, "No progress on stderr")->group(group);
}

absl::Status LoadFlags::Finish() {
  if (!duration_text_.empty()) {
    if (auto status = ReadDuration("--duration", duration_text_, options.duration); !status.ok()) {
      return status;
    }
  } else if (options.rows_max == 0) {
    options.duration = duration_default;
  }
  if (auto status = ReadDuration("--grace", grace_text_, options.grace); !status.ok()) {
    return status;
  }
  if (options.connections == 0) {
    options.connections = (options.streams - 1) / streams_per_connection + 1;
  }
  if (arrivals_ == "poisson") {
    if (!options.open_loop()) {
      return absl::InvalidArgumentError("--arrivals is for the open loop: it needs --rate");
    }
    options.spacing = ArrivalSchedule::Spacing::kPoisson;
  }
  options.seed = NewSeed();
  if (!seed_text_.empty()) {
    const char* end = seed_text_.data() + seed_text_.size();
    const auto [stop, error] = std::from_chars(seed_text_.data(), end, options.seed);
    if (error != std::errc() || stop != end) {
      return absl::InvalidArgumentError(
          absl::StrCat("--seed: \"", seed_text_, "\" is no number from 0 to 2^64 - 1"));
    }
  }
  options.address_seed = NewSeed();
  for (const std::string& text : objective_texts_) {
    auto objective = Objective::Parse(text);
    if (!objective.ok()) return objective.status();
    options.objectives.push_back(*std::move(objective));
  }
  if (options.server_pid > 0 && !ResidentBytes(options.server_pid)) {
    return absl::InvalidArgumentError(
        absl::StrCat("--server-pid: there is no process ", options.server_pid, " on this machine"));
  }
  return CheckOptions(options);
}

}  // namespace provisioning
