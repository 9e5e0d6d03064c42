// SPDX-License-Identifier: Apache-2.0
// What an import's first stream pinned: later ones must say the same.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/import_settings.h"
#include "client/session/stream_error.h"
#include "provisioning/v1/client_provisioning_service.pb.h"

namespace provisioning {

// The server's record of the import of `settings`; the error is NOT_FOUND if it
// has none. Blocks for a while.
struct AskedImport {
  RpcError error;
  v1::Import import;
};
AskedImport AskForImport(const ImportSettings& settings);

// It was undone, or is being undone, and takes no rows any more.
bool IsReverted(const v1::Import& import);
// Says so, and returns the exit code.
int FailReverted(const ImportSettings& settings);

// A line for each option that is not what the import was started with: the flag,
// what it was and what it is now.
std::vector<std::string> DifferingOptions(const v1::Import& import, const ImportSettings& settings,
                                          const std::string& source_sha256);

// The flag, or what else it is, that sets a pinned field of ImportStart.
std::string OptionOfField(const std::string& field);

// Says that the options differ, `lines` telling which, and returns the exit code.
int FailOptionsDiffer(const ImportSettings& settings, const std::vector<std::string>& lines);

}  // namespace provisioning
