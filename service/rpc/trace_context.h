// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace provisioning {

// Where a call stands in a trace, in lower-case hex (W3C Trace Context, level 1).
struct TraceContext {
  std::string trace_id;        // 32 digits, not all zero.
  std::string span_id;         // 16 digits, not all zero: of the call here, made here.
  std::string parent_span_id;  // The caller's; empty: it sent none.
};

// Of a call that came with this header `traceparent`; nothing: with none, or with
// several. A header that is not exactly as the standard says is taken for none, and a
// new trace begins. Any thread.
TraceContext ContinueTrace(std::optional<std::string_view> traceparent);

// An id of a request as a caller may give it: 1 to 64 letters, digits or any of
// `-_.`, so that it can stand anywhere.
bool IsRequestId(std::string_view text);
std::string NewRequestId();

}  // namespace provisioning
