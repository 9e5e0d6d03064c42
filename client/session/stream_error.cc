// SPDX-License-Identifier: Apache-2.0
#include "client/session/stream_error.h"

#include <charconv>
#include <string_view>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace provisioning {
namespace {

std::optional<std::int64_t> Number(const std::string& text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string Metadata(const google::rpc::ErrorInfo& info, const char* name) {
  const auto found = info.metadata().find(name);
  return found == info.metadata().end() ? "" : found->second;
}

struct Advice {
  std::string_view sign;  // In what gRPC says.
  std::string_view words;
};
constexpr Advice handshake_advice[] = {
    // What OpenSSL and BoringSSL say when the other side does not answer in TLS.
    {"wrong version number", "is it a server without TLS? Then say --plaintext"},
    {"WRONG_VERSION_NUMBER", "is it a server without TLS? Then say --plaintext"},
    {"certificate verify failed",
     "the TLS handshake failed because none of --cacert vouches for the server's certificate, or "
     "because it is not valid now"},
    {"CERTIFICATE_VERIFY_FAILED",
     "the TLS handshake failed because none of --cacert vouches for the server's certificate, or "
     "because it is not valid now"},
    {"is not in peer certificate",
     "the TLS handshake failed because the server's certificate is for another name than the one "
     "in --server"},
};
// A server that wants another certificate, or TLS at all, only closes the connection.
constexpr std::string_view closed_signs[] = {"Socket closed", "Connection reset by peer",
                                             "Endpoint read failed", "Broken pipe"};

bool Has(const std::string& text, std::string_view sign) {
  return text.find(sign) != std::string::npos;
}

// What a connection that never came about may have failed for; empty: nothing is known.
std::string_view AdviceOn(const std::string& text) {
  for (const auto& [sign, words] : handshake_advice) {
    if (Has(text, sign)) return words;
  }
  // Of one address, and of several.
  if (!Has(text, "failed to connect") && !Has(text, "connections to all backends failing")) {
    return "";
  }
  for (const std::string_view sign : closed_signs) {
    if (Has(text, sign)) {
      return "the handshake failed because the server closed the connection: does it want TLS "
             "(--cacert), and a certificate that it trusts (--cert, --key)?";
    }
  }
  return "";
}

}  // namespace

RpcError ReadRpcError(const grpc::Status& status) {
  RpcError error;
  error.code = status.error_code();
  error.message = status.error_message();
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) return error;
  for (const auto& detail : details.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::RetryInfo retry;
    if (detail.UnpackTo(&info) && info.domain() == "provisioning.v1") {
      error.reason = info.reason();
      error.field = Metadata(info, "field");
      error.settled_through_row = Number(Metadata(info, "settled_through_row"));
    } else if (detail.UnpackTo(&retry)) {
      error.retry_delay = absl::Seconds(retry.retry_delay().seconds()) +
                          absl::Nanoseconds(retry.retry_delay().nanos());
    }
  }
  return error;
}

AfterError AfterErrorOf(const RpcError& error) {
  if (error.reason == "STORE_BEHIND" && error.settled_through_row) return AfterError::kStoreBehind;
  switch (error.code) {
    case grpc::StatusCode::UNAVAILABLE:
      return AfterError::kResume;
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return error.reason == "DISK_FULL" || error.reason == "TOO_MANY_STREAMS" ? AfterError::kResume
                                                                               : AfterError::kStop;
    // What a torn connection looks like, depending on where it was torn; a
    // service that says one of these itself names a reason. OK is a stream that
    // ended without its summary.
    case grpc::StatusCode::OK:
    case grpc::StatusCode::CANCELLED:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
    case grpc::StatusCode::INTERNAL:
    case grpc::StatusCode::UNKNOWN:
      return error.reason.empty() ? AfterError::kResume : AfterError::kStop;
    default:
      return AfterError::kStop;
  }
}

bool FateUnknown(const RpcError& error) {
  // The server says itself what it did not do; but its store may have gone away
  // with a change half done.
  if (error.reason == "STORE_UNAVAILABLE") return true;
  if (error.ok() || !error.reason.empty()) return false;
  switch (error.code) {
    case grpc::StatusCode::UNAVAILABLE:
      // So far there has been no connection at all.
      return error.message.find("failed to connect") == std::string::npos &&
             error.message.find("DNS resolution failed") == std::string::npos;
    case grpc::StatusCode::CANCELLED:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
    case grpc::StatusCode::INTERNAL:
    case grpc::StatusCode::UNKNOWN:
      return true;
    default:
      return false;
  }
}

std::string DescribeRpcError(const RpcError& error) {
  std::string text = error.message;
  const std::string_view advice = AdviceOn(text);
  // gRPC tells what it has tried, and how often, before it tells why it failed.
  for (const std::string_view preface : {"last error: UNKNOWN: ", "last error: UNAVAILABLE: ",
                                         "Failed to connect to remote host: ", "is_balancer=0: "}) {
    const std::size_t begin = text.find(preface);
    if (begin != std::string::npos) text.erase(0, begin + preface.size());
  }
  if (text.empty()) {
    text = error.code == grpc::StatusCode::UNAVAILABLE ? "the server cannot be reached"
                                                       : "the connection broke";
  }
  if (!error.reason.empty()) {
    text += " (" + error.reason + (error.field.empty() ? "" : ": " + error.field) + ")";
  }
  if (!advice.empty()) text.append(" (").append(advice).append(")");
  return text;
}

}  // namespace provisioning
