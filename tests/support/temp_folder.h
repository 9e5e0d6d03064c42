// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>

#include "gtest/gtest.h"

namespace provisioning {

// A fresh folder that goes with the object; a failed test keeps it, and says
// where it is.
class TempFolder {
 public:
  TempFolder() : path_(testing::TempDir() + "provisioning-XXXXXX") {
    if (mkdtemp(path_.data()) == nullptr) abort();
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder() {
    if (testing::Test::HasFailure()) {
      printf("kept %s\n", path_.c_str());
      return;
    }
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::string& path() const { return path_; }
  std::string File(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace provisioning
