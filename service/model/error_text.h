// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <system_error>

namespace provisioning {

// What an errno means. As std::strerror, which may be used by one thread only.
inline std::string ErrorText(int error) { return std::generic_category().message(error); }

}  // namespace provisioning
