// SPDX-License-Identifier: Apache-2.0
// How log lines look. Whoever logs uses spdlog; who has more to say than a sentence
// puts it into fields.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "spdlog/common.h"
#include "spdlog/formatter.h"

namespace provisioning {

enum class LogFormat {
  kText,  // TIME LEVEL MESSAGE NAME=VALUE ...
  kJson,  // An object a line: time (RFC 3339, UTC), level, message, and the fields.
};

// Names are ours; values may hold any bytes.
using LogField = std::pair<std::string_view, std::variant<std::string, double>>;
using LogFields = std::vector<LogField>;

// Logs a line with fields, through spdlog's default logger. Any thread.
void Log(spdlog::level::level_enum level, std::string_view message, const LogFields& fields);

// Makes the lines of a sink that formats them in the thread that logs. No line has a
// control character in it, whatever was logged, and all are UTF-8.
std::unique_ptr<spdlog::formatter> MakeLogFormatter(LogFormat format);

// For all lines of this process from now on: standard error, in this format, and
// with the levels of the environment variable SPDLOG_LEVEL, "info" without it.
void SetUpLogging(LogFormat format);

}  // namespace provisioning
