// SPDX-License-Identifier: Apache-2.0
#include "service/server/call_observer.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "google/protobuf/descriptor.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/string_ref.h"
#include "provisioning/v1/error_reason.pb.h"
#include "service/rpc/call_context.h"
#include "service/rpc/caller_identity.h"
#include "service/signals/log_line.h"
#include "spdlog/spdlog.h"

namespace provisioning {
namespace {

using grpc::experimental::InterceptionHookPoints;
using grpc::experimental::ServerRpcInfo;
using Metadata = std::multimap<grpc::string_ref, grpc::string_ref>;

constexpr char request_id_key[] = "x-request-id";

std::string_view TypeName(ServerRpcInfo::Type type) {
  switch (type) {
    case ServerRpcInfo::Type::UNARY:
      return "unary";
    case ServerRpcInfo::Type::CLIENT_STREAMING:
      return "client_stream";
    case ServerRpcInfo::Type::SERVER_STREAMING:
      return "server_stream";
    case ServerRpcInfo::Type::BIDI_STREAMING:
      break;
  }
  return "bidi_stream";
}

std::string_view TypeName(const google::protobuf::MethodDescriptor& method) {
  if (method.client_streaming()) {
    return TypeName(method.server_streaming() ? ServerRpcInfo::Type::BIDI_STREAMING
                                              : ServerRpcInfo::Type::CLIENT_STREAMING);
  }
  return TypeName(method.server_streaming() ? ServerRpcInfo::Type::SERVER_STREAMING
                                            : ServerRpcInfo::Type::UNARY);
}

// Nothing if there is none, or more than one.
std::optional<std::string_view> OnlyValue(const Metadata& metadata, const char* key) {
  const auto [begin, end] = metadata.equal_range(key);
  if (begin == end || std::next(begin) != end) return std::nullopt;
  return std::string_view(begin->second.data(), begin->second.size());
}

CallOrigin OriginOf(const Metadata& metadata) {
  const auto request_id = OnlyValue(metadata, request_id_key);
  return {.request_id =
              request_id && IsRequestId(*request_id) ? std::string(*request_id) : NewRequestId(),
          .trace = ContinueTrace(OnlyValue(metadata, "traceparent"))};
}

// "DRAINING" ...; empty: the status says none.
std::string ReasonOf(const grpc::Status& status) {
  google::rpc::Status details;
  google::rpc::ErrorInfo info;
  if (!details.ParseFromString(status.error_details())) return "";
  for (const auto& detail : details.details()) {
    if (detail.Is<google::rpc::ErrorInfo>() && detail.UnpackTo(&info)) return info.reason();
  }
  return "";
}

void AddText(std::string_view name, std::string value, LogFields& fields) {
  if (!value.empty()) fields.emplace_back(name, std::move(value));
}

class CallObserver final : public grpc::experimental::Interceptor {
 public:
  CallObserver(ServerRpcInfo& info, Metrics& all_metrics, CallMetrics& metrics)
      : info_(info),
        context_(dynamic_cast<CallContext*>(info.server_context())),
        all_metrics_(all_metrics),
        metrics_(metrics),
        begin_(std::chrono::steady_clock::now()) {
    metrics_.OnStarted();
  }

  void Intercept(grpc::experimental::InterceptorBatchMethods* batch) override {
    const auto has = [batch](InterceptionHookPoints point) {
      return batch->QueryInterceptionHookPoint(point);
    };
    if (context_ != nullptr && has(InterceptionHookPoints::POST_RECV_INITIAL_METADATA)) {
      context_->SetOrigin(OriginOf(*batch->GetRecvInitialMetadata()));
      context_->AddInitialMetadata(request_id_key, context_->origin().request_id);
    }
    // The end of a stream comes as a message that is not there.
    if (has(InterceptionHookPoints::POST_RECV_MESSAGE) && batch->GetRecvMessage() != nullptr) {
      metrics_.OnReceived();
    }
    if (has(InterceptionHookPoints::PRE_SEND_MESSAGE)) metrics_.OnSent();
    if (has(InterceptionHookPoints::PRE_SEND_STATUS)) OnEnd(batch->GetSendStatus());
    batch->Proceed();
  }

 private:
  void OnEnd(const grpc::Status& status) {
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin_;
    metrics_.OnHandled(status.error_code(), time);
    const std::string reason = status.ok() ? "" : ReasonOf(status);
    if (!reason.empty()) all_metrics_.OnError(absl::AsciiStrToLower(reason));
    const auto level = LevelOf(status);
    if (spdlog::should_log(level)) Log(level, "call ended", Fields(status, reason, time));
  }

  spdlog::level::level_enum LevelOf(const grpc::Status& status) const {
    const bool quiet = absl::StartsWith(info_.method(), "/grpc.health.") ||
                       (status.ok() && info_.type() == ServerRpcInfo::Type::UNARY);
    return quiet ? spdlog::level::debug : spdlog::level::info;
  }

  LogFields Fields(const grpc::Status& status, const std::string& reason,
                   std::chrono::duration<double> time) const {
    const auto code = static_cast<absl::StatusCode>(status.error_code());
    LogFields fields = {{"method", info_.method()},
                        {"code", absl::StatusCodeToString(code)},
                        {"duration_seconds", time.count()}};
    AddText("reason", reason, fields);
    AddText("error", status.error_message(), fields);
    if (context_ == nullptr) return fields;
    const CallOrigin& origin = context_->origin();
    const CallSubject subject = context_->subject();
    AddText("caller", CallerNameForLog(*context_), fields);
    AddText("organization_id", subject.organization_id, fields);
    AddText("import_id", subject.import_id, fields);
    AddText("request_id", origin.request_id, fields);
    AddText("trace_id", origin.trace.trace_id, fields);
    AddText("span_id", origin.trace.span_id, fields);
    AddText("parent_span_id", origin.trace.parent_span_id, fields);
    return fields;
  }

  ServerRpcInfo& info_;
  CallContext* const context_;  // Null: of a service that is not ours.
  Metrics& all_metrics_;
  CallMetrics& metrics_;
  const std::chrono::steady_clock::time_point begin_;
};

// As in "/package.Service/Method". A caller may ask for any text: only what is linked
// is bounded in number.
bool IsLinked(std::string_view method) {
  std::string name(method.substr(std::min<std::size_t>(1, method.size())));
  std::ranges::replace(name, '/', '.');
  const auto* const pool = google::protobuf::DescriptorPool::generated_pool();
  return pool->FindMethodByName(name) != nullptr;
}

class CallObserverFactory final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit CallObserverFactory(Metrics& metrics)
      : metrics_(metrics), unknown_(metrics.OfMethod("/unknown/unknown", "unknown")) {}
  grpc::experimental::Interceptor* CreateServerInterceptor(ServerRpcInfo* info) override {
    const bool is_linked = IsLinked(info->method());
    return new CallObserver(
        *info, metrics_,
        is_linked ? metrics_.OfMethod(info->method(), TypeName(info->type())) : unknown_);
  }

 private:
  Metrics& metrics_;
  CallMetrics& unknown_;  // Of all calls to methods that nobody has.
};

}  // namespace

std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> MakeCallObserver(
    Metrics& metrics) {
  return std::make_unique<CallObserverFactory>(metrics);
}

void DeclareMethods(const std::string& service, Metrics& metrics) {
  const auto* const descriptor =
      google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(service);
  if (descriptor == nullptr) return;
  for (int i = 0; i < descriptor->method_count(); ++i) {
    const auto& method = *descriptor->method(i);
    metrics.OfMethod(absl::StrCat("/", service, "/", method.name()), TypeName(method));
  }
}

void DeclareErrors(Metrics& metrics) {
  const auto& reasons = *v1::ErrorReason_descriptor();
  for (int i = 0; i < reasons.value_count(); ++i) {
    if (reasons.value(i)->number() == 0) continue;  // Of no error.
    metrics.DeclareError(
        absl::AsciiStrToLower(absl::StripPrefix(reasons.value(i)->name(), "ERROR_REASON_")));
  }
}

}  // namespace provisioning
