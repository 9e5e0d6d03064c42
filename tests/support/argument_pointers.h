// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace provisioning {

// The arguments or the environment of a program, as exec takes them: to be made
// before a fork, behind which only what is safe in a signal handler may be called.
// Valid until `texts` changes.
inline std::vector<char*> ArgumentPointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace provisioning
