// SPDX-License-Identifier: Apache-2.0
#include "client/passwords/take_passwords.h"

#include <CLI/CLI.hpp>
#include <cctype>

#include "client/passwords/password_file.h"
#include "client/passwords/password_prompt.h"
#include "client/terminal/say.h"

namespace provisioning {
namespace {

constexpr int tries_max = 3;

absl::StatusOr<SecretString> AskTwice(PasswordPrompt& prompt, const std::string& question) {
  for (int tries = 0; tries < tries_max; ++tries) {
    auto password = prompt.Ask(question);
    if (!password.ok()) return password;
    const auto again = prompt.Ask("The same again");
    if (!again.ok()) return again.status();
    if (password->Reveal() == again->Reveal()) return password;
    SayAnyway("These were two different ones.");
  }
  return absl::FailedPreconditionError("the same password has to be typed twice");
}

// "temporary password" becomes "Temporary password of ada@x.example".
std::string Question(std::string name, const std::string& address) {
  name.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(name.front())));
  return name + " of " + address;
}

}  // namespace

void AddPasswordsFileFlag(CLI::App& app, const std::string& description, std::string& path) {
  app.add_option("--passwords-file", path, description + "; - is standard input")
      ->type_name("FILE");
}

absl::StatusOr<std::vector<SecretString>> TakePasswords(const std::string& path,
                                                        std::span<const PasswordQuestion> questions,
                                                        const std::string& address) {
  if (!path.empty()) {
    std::vector<std::string> names;
    for (const PasswordQuestion& question : questions) names.push_back(question.name);
    return ReadPasswordsFile(path, names);
  }
  if (NoInput() || !PersonIsThere()) {
    return absl::FailedPreconditionError(
        "nobody is there to type a password: give --passwords-file FILE");
  }
  std::vector<SecretString> passwords;
  PasswordPrompt prompt;
  for (const auto& [name, new_one] : questions) {
    const std::string question = Question(name, address);
    auto password = new_one ? AskTwice(prompt, question) : prompt.Ask(question);
    if (!password.ok()) return password.status();
    passwords.push_back(*std::move(password));
  }
  return passwords;
}

}  // namespace provisioning
