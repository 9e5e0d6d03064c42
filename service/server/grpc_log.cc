// SPDX-License-Identifier: Apache-2.0
#include "service/server/grpc_log.h"

#include "grpcpp/version_info.h"

// gRPC logs through Abseil since 1.65.
#if GRPC_CPP_VERSION_MAJOR > 1 || GRPC_CPP_VERSION_MINOR >= 65
#define PROVISIONING_GRPC_LOGS_WITH_ABSEIL 1
#include "absl/log/globals.h"
#include "absl/log/initialize.h"
#include "absl/log/log_sink.h"
#include "absl/log/log_sink_registry.h"
#else
#include "grpc/support/log.h"
#endif

#include "absl/time/clock.h"
#include "service/server/log_pace.h"
#include "service/signals/log_text.h"
#include "spdlog/spdlog.h"

namespace provisioning {
namespace {

constexpr int lines_max = 20;
constexpr absl::Duration lines_period = absl::Seconds(10);
constexpr std::size_t message_bytes_max = 400;

std::string_view FileName(std::string_view path) { return path.substr(path.rfind('/') + 1); }

#ifdef PROVISIONING_GRPC_LOGS_WITH_ABSEIL
class GrpcLogSink final : public absl::LogSink {
 public:
  void Send(const absl::LogEntry& entry) override {
    LogOfGrpc(entry.log_severity() >= absl::LogSeverity::kError,
              {entry.source_basename().data(), entry.source_basename().size()}, entry.source_line(),
              {entry.text_message().data(), entry.text_message().size()});
  }
};
#else
void TakeMessage(gpr_log_func_args* message) {
  LogOfGrpc(message->severity == GPR_LOG_SEVERITY_ERROR, message->file, message->line,
            message->message);
}
#endif

}  // namespace

void LogOfGrpc(bool is_error, std::string_view file, int line, std::string_view message) {
  static LogPace pace(lines_max, lines_period);
  const auto left_out = pace.Allow(absl::Now());
  if (!left_out) return;
  if (*left_out > 0) spdlog::warn("gRPC: {} of its messages were left out", *left_out);
  // The formatter escapes; here it is cut, so that what is cut off is not half an escape.
  const std::string_view text = message.substr(0, message_bytes_max);
  const char* const more = text.size() < message.size() ? "..." : "";
  spdlog::log(is_error ? spdlog::level::warn : spdlog::level::info, "gRPC, {}:{}: {}{}",
              FileName(file), line, text, more);
}

void TakeGrpcLog() {
#ifdef PROVISIONING_GRPC_LOGS_WITH_ABSEIL
  static GrpcLogSink sink;
  absl::AddLogSink(&sink);
  absl::SetStderrThreshold(absl::LogSeverityAtLeast::kInfinity);
  absl::InitializeLog();
#else
  gpr_set_log_function(&TakeMessage);
#endif
}

}  // namespace provisioning
