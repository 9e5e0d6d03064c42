// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace provisioning {

// Recognize a file that people take for CSV. Empty: it may be CSV; otherwise
// what it is, and what to do.

// By its first bytes: a document, an archive.
std::string WhyNotText(std::string_view beginning);
// By its first characters: a page, or text in an encoding that nobody named.
std::string WhyNotCsv(std::string_view text);
// A Numbers document, which may be a folder.
std::string NumbersSentence();

}  // namespace provisioning
