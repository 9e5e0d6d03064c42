// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace provisioning {

// Recognizes by its first bytes a file that people take for CSV. Empty: it may
// be CSV; otherwise what it is, and how to save it as CSV in UTF-8.
std::string WhyNotCsv(std::string_view beginning);

}  // namespace provisioning
