// SPDX-License-Identifier: Apache-2.0
#include "service/trust/text_file.h"

#include <cerrno>
#include <cstdio>
#include <memory>

#include "absl/strings/str_cat.h"
#include "service/model/error_text.h"

namespace provisioning {
absl::StatusOr<std::string> ReadTextFile(const std::string& path, std::size_t bytes_max) {
  const auto refused = [&path](const std::string& why) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": ", why));
  };
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"),
                                                             &std::fclose);
  if (!file) return refused(ErrorText(errno));
  std::string content;
  char buffer[4096];
  for (std::size_t count; (count = std::fread(buffer, 1, sizeof(buffer), file.get())) > 0;) {
    content.append(buffer, count);
    if (content.size() > bytes_max) {
      return refused(absl::StrCat("the file has more than ", bytes_max, " bytes"));
    }
  }
  if (std::ferror(file.get()) != 0) return refused(ErrorText(errno));
  return content;
}

}  // namespace provisioning
