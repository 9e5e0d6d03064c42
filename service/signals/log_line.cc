// SPDX-License-Identifier: Apache-2.0
#include "service/signals/log_line.h"

#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "service/signals/log_text.h"
#include "spdlog/cfg/env.h"
#include "spdlog/sinks/stdout_sinks.h"
#include "spdlog/spdlog.h"

namespace provisioning {
namespace {

// Of the line that this thread is logging.
thread_local const LogFields* current_fields = nullptr;

std::string_view View(spdlog::string_view_t text) { return {text.data(), text.size()}; }

std::string TimeText(const spdlog::details::log_msg& message) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::FromChrono(message.time),
                          absl::UTCTimeZone());
}

std::string TextLine(const spdlog::details::log_msg& message, const LogFields& fields) {
  std::string line = TimeText(message);
  line += ' ';
  line += View(spdlog::level::to_string_view(message.level));
  line += ' ';
  line += EscapeForLog(View(message.payload));
  for (const auto& [name, value] : fields) {
    line += ' ';
    line += name;
    line += '=';
    const auto* text = std::get_if<std::string>(&value);
    line += EscapeForLog(text != nullptr ? *text : nlohmann::json(std::get<double>(value)).dump());
  }
  return line;
}

std::string JsonLine(const spdlog::details::log_msg& message, const LogFields& fields) {
  nlohmann::ordered_json object;
  object["time"] = TimeText(message);
  object["level"] = View(spdlog::level::to_string_view(message.level));
  object["message"] = View(message.payload);
  for (const auto& [name, value] : fields) {
    std::visit([&, key = std::string(name)](const auto& of) { object[key] = of; }, value);
  }
  return object.dump(-1, ' ', /*ensure_ascii=*/true,
                     nlohmann::ordered_json::error_handler_t::replace);
}

class LineFormatter final : public spdlog::formatter {
 public:
  explicit LineFormatter(LogFormat format) : format_(format) {}

  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& line) override {
    const LogFields none;
    const LogFields& fields = current_fields != nullptr ? *current_fields : none;
    const std::string text =
        format_ == LogFormat::kJson ? JsonLine(message, fields) : TextLine(message, fields);
    line.append(text.data(), text.data() + text.size());
    line.push_back('\n');
  }
  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<LineFormatter>(format_);
  }

 private:
  const LogFormat format_;
};

}  // namespace

void Log(spdlog::level::level_enum level, std::string_view message, const LogFields& fields) {
  if (!spdlog::should_log(level)) return;
  current_fields = &fields;
  spdlog::log(level, "{}", message);
  current_fields = nullptr;
}

std::unique_ptr<spdlog::formatter> MakeLogFormatter(LogFormat format) {
  return std::make_unique<LineFormatter>(format);
}

void SetUpLogging(LogFormat format) {
  if (spdlog::get("provisiond") == nullptr) {
    spdlog::set_default_logger(spdlog::stderr_logger_mt("provisiond"));
    spdlog::flush_on(spdlog::level::trace);
    spdlog::cfg::load_env_levels();
  }
  spdlog::set_formatter(MakeLogFormatter(format));
}

}  // namespace provisioning
