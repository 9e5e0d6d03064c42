// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace provisioning {

// gRPC's own messages go to our log from now on, not to stderr: it prints what
// callers send (a header that is wrong stands in its errors), and as often as they
// send it. Ours have it escaped, shortened, and in a bounded number of lines. Once,
// before gRPC is used.
void TakeGrpcLog();

// One message of gRPC, which is an error or less; what TakeGrpcLog installs. Any
// thread.
void LogOfGrpc(bool is_error, std::string_view file, int line, std::string_view message);

}  // namespace provisioning
