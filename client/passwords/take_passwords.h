// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "service/model/secret_string.h"

namespace CLI {
class App;
}

namespace provisioning {

struct PasswordQuestion {
  std::string name;  // "temporary password".
  bool new_one;      // Asked twice, since nobody sees what is typed.
};

// Adds --passwords-file.
void AddPasswordsFileFlag(CLI::App& app, const std::string& description, std::string& path);

// An answer to each question, about `address`: out of the file at `path`, or of
// the person at the terminal if that is empty. Fails as ReadPasswordsFile and
// PasswordPrompt::Ask do. FAILED_PRECONDITION, too: nobody is there.
absl::StatusOr<std::vector<SecretString>> TakePasswords(const std::string& path,
                                                        std::span<const PasswordQuestion> questions,
                                                        const std::string& address);

}  // namespace provisioning
